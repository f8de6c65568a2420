using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Pltfrms.Iam.Common.Jose;
using Pltfrms.Iam.Token.Keys;
using Pltfrms.Iam.Token.Tokens;
using Token.Tests.Keys;

namespace Token.Tests.Tokens;

/// <summary>Every algorithm, alone and mixed up: a key is good for its own and for no other (RFC 8725 section 3.1).</summary>
public sealed class TokenAlgorithmTests(TokenBench bench) : IClassFixture<TokenBench>
{
    private static readonly TimeSpan Interval = TimeSpan.FromDays(90);

    public static TheoryData<string> Algorithms => [.. SignatureAlgorithms.All];

    public static TheoryData<string, string> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string>();
            foreach (var key in SignatureAlgorithms.All)
            {
                foreach (var named in SignatureAlgorithms.All.Append("HS256").Append("none").Where(other => other != key))
                {
                    pairs.Add(key, named);
                }
            }

            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task A_token_verifies_with_nothing_but_its_published_key(string algorithm)
    {
        var key = await KeyAsync("one-each", algorithm);

        var token = JwtWriter.Write(TokenBench.Claims("one-each"), key);

        Assert.True(IsSigned(TestKeys.Jwk(key), token));
        Assert.Equal(key.KeyId, (await bench.VerifyAsync("one-each", token))?.KeyId);
        Assert.Null(await bench.VerifyAsync("other", token));
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task A_token_with_any_other_character_in_its_signature_is_refused(string algorithm)
    {
        var token = JwtWriter.Write(TokenBench.Claims("one-each"), await KeyAsync("one-each", algorithm));
        for (var i = token.LastIndexOf('.') + 1; i < token.Length - 1; i += 7)
        {
            var changed = token[..i] + (token[i] == 'A' ? 'B' : 'A') + token[(i + 1)..];
            Assert.True(await bench.VerifyAsync("one-each", changed) is null, $"character {i}");
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_key_is_never_used_with_an_algorithm_that_is_not_its_own(string algorithm, string named)
    {
        var key = await KeyAsync("one-each", algorithm);
        var payload = JwtWriter.Write(TokenBench.Claims("one-each"), key).Split('.')[1];
        var signed = $"{Encode($$"""{"alg":"{{named}}","typ":"at+jwt","kid":"{{key.KeyId}}"}""")}.{payload}";

        Assert.Null(await bench.VerifyAsync("one-each", $"{signed}."));
        Assert.Null(await bench.VerifyAsync("one-each", $"{signed}.{Sign(key, signed)}"));
        foreach (var secret in await SecretsAnybodyKnowsAsync(key))
        {
            Assert.Null(await bench.VerifyAsync("one-each", $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(signed)))}"));
        }

        if (SignatureAlgorithms.All.Contains(named))
        {
            // The key of the algorithm that is named signed it, under the id of the other.
            Assert.Null(await bench.VerifyAsync("one-each", $"{signed}.{Sign(await KeyAsync("one-each", named), signed)}"));
        }
    }

    [Theory]
    [InlineData("PS256", "RS256")]
    [InlineData("RS256", "PS256")]
    public async Task An_rsa_key_does_not_verify_the_other_padding(string algorithm, string other)
    {
        var key = await KeyAsync("one-each", algorithm);
        var token = JwtWriter.Write(TokenBench.Claims("one-each"), key).Split('.');
        using var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(await PrivateKeyAsync(key.KeyId), out _);

        foreach (var header in new[] { token[0], Encode($$"""{"alg":"{{other}}","typ":"at+jwt","kid":"{{key.KeyId}}"}""") })
        {
            var signed = Encoding.ASCII.GetBytes($"{header}.{token[1]}");
            var signature = rsa.SignData(signed, HashAlgorithmName.SHA256, other == "PS256" ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
            Assert.Null(await bench.VerifyAsync("one-each", $"{header}.{token[1]}.{Base64Url.EncodeToString(signature)}"));
        }
    }

    /// <summary>What a verifier that takes the header's word for it would use as a key of HMAC.</summary>
    private async Task<IReadOnlyList<byte[]>> SecretsAnybodyKnowsAsync(SigningKey key)
    {
        var jwk = TestKeys.Jwk(key);
        var privateKey = await PrivateKeyAsync(key.KeyId);
        using AsymmetricAlgorithm opened = key.Algorithm[0] == 'E' ? ECDsa.Create() : RSA.Create();
        opened.ImportPkcs8PrivateKey(privateKey, out _);
        return
        [
            Encoding.UTF8.GetBytes(jwk.GetRawText()),
            Base64Url.DecodeFromChars(jwk.GetProperty(key.Algorithm[0] == 'E' ? "x" : "n").GetString()),
            opened.ExportSubjectPublicKeyInfo(),
            Encoding.ASCII.GetBytes(opened.ExportSubjectPublicKeyInfoPem()),
            [],
        ];
    }

    private async Task<byte[]> PrivateKeyAsync(string keyId)
    {
        await using var session = await bench.Database.OpenAsync(CancellationToken.None);
        var row = (await new SigningKeyStore().ListAsync(session, "one-each", CancellationToken.None)).Single(row => row.KeyId == keyId);
        return TestKeys.Encryption().Decrypt(row.RealmId, row.KeyId, row.EncryptedPrivateKey);
    }

    /// <summary>All algorithms have keys in the realm, and the clock is where all of them sign.</summary>
    private async Task<SigningKey> KeyAsync(string realmId, string algorithm)
    {
        var changes = TestKeys.Changes(bench.Database, bench.Options, bench.Clock);
        foreach (var each in SignatureAlgorithms.All)
        {
            await changes.ProvideAsync(realmId, each, Interval, TimeSpan.FromMinutes(5), CancellationToken.None);
        }

        await using var session = await bench.Database.OpenAsync(CancellationToken.None);
        var rows = await new SigningKeyStore().ListAsync(session, realmId, CancellationToken.None);
        var signs = rows.GroupBy(row => row.Algorithm).Max(keys => keys.Min(key => key.SignsFrom));
        if (bench.Clock.GetUtcNow() < signs)
        {
            bench.Clock.Advance(signs - bench.Clock.GetUtcNow());
        }

        await bench.Keys.ReadAgainAsync(new() { RealmId = realmId }, CancellationToken.None);
        return await bench.KeyAsync(realmId, algorithm);
    }

    private static bool IsSigned(JsonElement jwk, string token)
    {
        var parts = token.Split('.');
        var (data, signature) = (Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]));
        byte[] Member(string name) => Base64Url.DecodeFromChars(jwk.GetProperty(name).GetString());
        var algorithm = jwk.GetProperty("alg").GetString();
        if (jwk.GetProperty("kty").GetString() == "RSA")
        {
            using var rsa = RSA.Create(new RSAParameters { Modulus = Member("n"), Exponent = Member("e") });
            return rsa.VerifyData(data, signature, HashAlgorithmName.SHA256, algorithm == "PS256" ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
        }

        var (curve, hash) = algorithm == "ES256" ? (ECCurve.NamedCurves.nistP256, HashAlgorithmName.SHA256) : (ECCurve.NamedCurves.nistP384, HashAlgorithmName.SHA384);
        using var ecdsa = ECDsa.Create(new ECParameters { Curve = curve, Q = new ECPoint { X = Member("x"), Y = Member("y") } });
        return ecdsa.VerifyData(data, signature, hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static string Sign(SigningKey key, string data)
    {
        var signature = new byte[key.SignatureSize];
        key.Sign(Encoding.ASCII.GetBytes(data), signature);
        return Base64Url.EncodeToString(signature);
    }
}
