using System.Buffers.Text;
using System.Security.Cryptography;
using Pltfrms.Iam.Common.Jose;

namespace Common.Tests.Jose;

public sealed class PublicKeySetTests
{
    private const string X = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
    private const string Y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";
    private const string Ec = $"\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"{X}\",\"y\":\"{Y}\"";

    private static readonly string Modulus = ModulusOf(2048);

    public static TheoryData<string, string> Good => new()
    {
        { $"{{{Ec}}}", "ES256" },
        { $"{{{Ec},\"alg\":\"ES256\",\"use\":\"sig\",\"key_ops\":[\"verify\"],\"kid\":\"k\",\"x5t\":\"unknown members are ignored\",\"nested\":{{\"a\":[1]}}}}", "ES256" },
        { P384(), "ES384" },
        { $"{{\"kty\":\"RSA\",\"n\":\"{Modulus}\",\"e\":\"AQAB\"}}", "PS256" },
        { $"{{\"kty\":\"RSA\",\"n\":\"{Modulus}\",\"e\":\"AQAB\",\"alg\":\"PS256\"}}", "PS256" },
        { $"{{\"kty\":\"RSA\",\"n\":\"{Modulus}\",\"e\":\"Aw\",\"alg\":\"RS256\"}}", "RS256" },
    };

    [Theory]
    [MemberData(nameof(Good))]
    public void A_public_key_is_for_one_algorithm(string key, string algorithm)
    {
        Assert.Null(PublicKeySet.Violation($"{{\"keys\":[{key}]}}"));
        Assert.Equal(algorithm, Assert.Single(PublicKeySet.KeysOf($"{{\"keys\":[{key}],\"other\":true}}")).Algorithm);
    }

    [Fact]
    public void A_thumbprint_is_that_of_RFC_7638()
    {
        // Section 3.1.
        const string rsa = """
            {"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}
            """;

        Assert.Equal("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs", Assert.Single(PublicKeySet.KeysOf($"{{\"keys\":[{rsa}]}}")).Thumbprint);
        Assert.Equal("oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U", Assert.Single(PublicKeySet.KeysOf($"{{\"keys\":[{{{Ec}}}]}}")).Thumbprint);
    }

    public static TheoryData<string, string> Bad => new()
    {
        { "null", "is not an object" },
        { "[]", "is not an object" },
        { $"{{{Ec},\"d\":\"AA\"}}", "is not only public: it has the member d. Use another key pair, for this one is known now" },
        { $"{{\"kty\":\"RSA\",\"n\":\"{Modulus}\",\"e\":\"AQAB\",\"p\":\"AA\"}}", "is not only public: it has the member p. Use another key pair, for this one is known now" },
        { "{\"kty\":\"oct\",\"k\":\"AA\"}", "is not only public: it has the member k. Use another key pair, for this one is known now" },
        { "{\"kty\":\"oct\"}", "has a kty that is neither EC nor RSA" },
        { "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AA\"}", "has a kty that is neither EC nor RSA" },
        { "{}", "has a kty that is neither EC nor RSA" },
        { $"{{{Ec},\"use\":\"enc\"}}", "is not for verifying signatures: its use must be sig, its key_ops verify, where it has them" },
        { $"{{{Ec},\"key_ops\":[\"verify\",\"sign\"]}}", "is not for verifying signatures: its use must be sig, its key_ops verify, where it has them" },
        { $"{{{Ec},\"key_ops\":1}}", "is not for verifying signatures: its use must be sig, its key_ops verify, where it has them" },
        { $"{{{Ec},\"kid\":1}}", "has a kid that is not a text of at most 128 characters" },
        { $"{{{Ec},\"kid\":\"\"}}", "has a kid that is not a text of at most 128 characters" },
        { $"{{{Ec},\"alg\":\"HS256\"}}", "must be on P-256 for ES256, or on P-384 for ES384" },
        { $"{{{Ec},\"alg\":\"ES384\"}}", "must be on P-256 for ES256, or on P-384 for ES384" },
        { $"{{{Ec},\"alg\":null}}", "must be on P-256 for ES256, or on P-384 for ES384" },
        { $"{{{Ec.Replace("P-256", "P-521")}}}", "must be on P-256 for ES256, or on P-384 for ES384" },
        { $"{{{Ec.Replace("P-256", "secp256k1")}}}", "must be on P-256 for ES256, or on P-384 for ES384" },
        { $"{{{Ec.Replace(X, X[..^1])}}}", "has an x or y that is not a coordinate of its curve in base64url" },
        { $"{{{Ec.Replace(X, X + "=")}}}", "has an x or y that is not a coordinate of its curve in base64url" },
        { $"{{{Ec.Replace(Y, "")}}}", "has an x or y that is not a coordinate of its curve in base64url" },
        { $"{{{Ec.Replace(X, Y)}}}", "is not a point of its curve" },
        { $"{{\"kty\":\"RSA\",\"n\":\"{ModulusOf(1024)}\",\"e\":\"AQAB\"}}", "has an n that is not a modulus of 2048 to 4096 bits in base64url" },
        { $"{{\"kty\":\"RSA\",\"n\":\"AA{Modulus}\",\"e\":\"AQAB\"}}", "has an n that is not a modulus of 2048 to 4096 bits in base64url" },
        { $"{{\"kty\":\"RSA\",\"n\":\"{Modulus}\",\"e\":\"AQ\"}}", "has an e that is not an odd number above 1 in base64url" },
        { $"{{\"kty\":\"RSA\",\"n\":\"{Modulus}\",\"e\":\"Ag\"}}", "has an e that is not an odd number above 1 in base64url" },
        { $"{{\"kty\":\"RSA\",\"n\":\"{Modulus}\",\"e\":\"AQAB\",\"alg\":\"RSA-OAEP\"}}", "must be for PS256 or, where its alg says so, for RS256" },
        { $"{{{Ec},\"kid\":\"k\"}},{{{Ec},\"kid\":\"k\"}}", "has the kid of another" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_bad_key_makes_the_set_bad(string keys, string violation)
    {
        var set = $"{{\"keys\":[{keys}]}}";

        Assert.Equal($"must have good keys only: keys[{(violation == "has the kid of another" ? 1 : 0)}] {violation}", PublicKeySet.Violation(set));
        Assert.Empty(PublicKeySet.KeysOf(set));
    }

    [Theory]
    [InlineData("")]
    [InlineData("keys")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"keys\":{}}")]
    [InlineData("{\"keys\":[{}],\"keys\":[{}]}")]
    [InlineData("{\"keys\":[\"\\ud800\"]}")]
    [InlineData("{\"keys\":[[[[[[[[[[]]]]]]]]]]}")]
    public void What_is_no_set_is_refused(string json) =>
        Assert.Equal("must be a JWK set in JSON, {\"keys\": [...]}, with unique names and little nesting", PublicKeySet.Violation(json));

    [Fact]
    public void A_set_has_ten_keys_at_the_most()
    {
        Assert.Equal("must have from 1 to 10 keys", PublicKeySet.Violation("{\"keys\":[]}"));
        Assert.Null(PublicKeySet.Violation($"{{\"keys\":[{string.Join(',', Enumerable.Repeat($"{{{Ec}}}", 10))}]}}"));
        Assert.Equal("must have from 1 to 10 keys", PublicKeySet.Violation($"{{\"keys\":[{string.Join(',', Enumerable.Repeat($"{{{Ec}}}", 11))}]}}"));
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void Of_what_others_publish_a_key_that_cannot_be_used_is_passed_over(string key, string why)
    {
        var usable = PublicKeySet.UsableKeysOf($"{{\"keys\":[{key},{{{Ec},\"kid\":\"good\"}}],\"more\":[]}}");

        // Those of one id are good each by itself.
        Assert.True(usable!.Count == (why == "has the kid of another" ? 3 : 1) && usable[^1].KeyId == "good", why);
    }

    [Fact]
    public void Of_what_others_publish_an_RSA_key_may_be_for_either_padding_where_it_does_not_say()
    {
        var usable = PublicKeySet.UsableKeysOf(
            $$"""{"keys":[{"kty":"RSA","n":"{{Modulus}}","e":"AQAB","kid":"any"},{"kty":"RSA","n":"{{Modulus}}","e":"AQAB","alg":"RS256","kid":"old"},{"kty":"RSA","n":"{{Modulus}}","e":"AQAB","alg":"RS512"}]}""");

        Assert.Equal([("any", "PS256"), ("any", "RS256"), ("old", "RS256")], usable!.Select(key => (key.KeyId, key.Algorithm)));
        Assert.Empty(PublicKeySet.UsableKeysOf("{\"keys\":[]}")!);
        Assert.Null(PublicKeySet.UsableKeysOf("{\"keys\":{}}"));
        Assert.Null(PublicKeySet.UsableKeysOf("[]"));
    }

    [Fact]
    public void A_key_verifies_what_its_other_half_signed_and_nothing_else()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var verification = new VerificationKey(null, "ES256", key.ExportParameters(includePrivateParameters: false));
        byte[] data = [1, 2, 3];
        var signature = key.SignData(data, HashAlgorithmName.SHA256);

        Assert.True(verification.Verify(data, signature));
        Assert.False(verification.Verify([1, 2, 4], signature));
        Assert.False(verification.Verify(data, key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)));
        Assert.False(verification.Verify(data, signature.AsSpan(1)));
        Assert.False(verification.Verify(data, []));
        Assert.False(verification.Verify(data, new byte[64]));
    }

    private static string P384()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return $"{{\"kty\":\"EC\",\"crv\":\"P-384\",\"x\":\"{Base64Url.EncodeToString(point.X)}\",\"y\":\"{Base64Url.EncodeToString(point.Y)}\"}}";
    }

    private static string ModulusOf(int bits)
    {
        using var key = RSA.Create(bits);
        return Base64Url.EncodeToString(key.ExportParameters(includePrivateParameters: false).Modulus);
    }
}
