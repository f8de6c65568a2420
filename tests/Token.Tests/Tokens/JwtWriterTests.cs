using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Token.Tokens;

namespace Token.Tests.Tokens;

/// <summary>The exact bytes of a token, with a fixed key and clock; the signature is checked by the platform alone.</summary>
public sealed class JwtWriterTests
{
    private static readonly AccessToken Claims = TokenBench.Claims("demo");

    [Fact]
    public void Writes_exactly_this_header_and_payload()
    {
        var parts = JwtWriter.Write(Claims, FixedKey.SigningKey).Split('.');

        Assert.Equal($$"""{"alg":"ES256","typ":"at+jwt","kid":"{{FixedKey.KeyId}}"}""", Decode(parts[0]));
        Assert.Equal(
            """{"iss":"https://iam.example/realms/demo","sub":"demo-service","sub_type":"client","aud":"https://api.demo.example","exp":1767269100,"iat":1767268800,"jti":"0198c0ffee","client_id":"demo-service","scope":"invoices.read invoices.create","realm_id":"demo","organization_id":"acme"}""",
            Decode(parts[1]));
    }

    [Fact]
    public void Writes_several_audiences_as_an_array_and_leaves_out_what_is_not_set()
    {
        var claims = Claims with { Subject = Principal.User("älice \"<x>\""), Audiences = ["urn:a", "urn:b"], OrganizationId = null, Scopes = [], Acr = "high" };

        var parts = JwtWriter.Write(claims, FixedKey.SigningKey).Split('.');

        Assert.Equal(
            """{"iss":"https://iam.example/realms/demo","sub":"älice \"<x>\"","sub_type":"user","aud":["urn:a","urn:b"],"exp":1767269100,"iat":1767268800,"jti":"0198c0ffee","client_id":"demo-service","scope":"","realm_id":"demo","acr":"high"}""",
            Decode(parts[1]));
    }

    [Fact]
    public void Signs_so_that_the_public_key_alone_verifies()
    {
        var parts = JwtWriter.Write(Claims, FixedKey.SigningKey).Split('.');
        using var publicKey = FixedKey.PublicKey();

        Assert.True(publicKey.VerifyData(
            Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"),
            Base64Url.DecodeFromChars(parts[2]),
            HashAlgorithmName.SHA256,
            DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
    }

    [Fact]
    public async Task Signs_from_many_threads_at_once()
    {
        var key = FixedKey.SigningKey;
        using var publicKey = FixedKey.PublicKey();

        var signatures = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(() =>
        {
            var signature = new byte[key.SignatureSize];
            key.Sign([(byte)i], signature);
            return signature;
        })));

        Assert.All(signatures.Select((signature, i) => (signature, i)), x => Assert.True(
            publicKey.VerifyData(new[] { (byte)x.i }, x.signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)));
    }

    private static string Decode(string part) => Encoding.UTF8.GetString(Base64Url.DecodeFromChars(part));
}
