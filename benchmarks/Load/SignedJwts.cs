using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Benchmarks.Load;

/// <summary>What clients sign: assertions that authenticate them (RFC 7523) and proofs of a key (RFC 9449), ES256.</summary>
internal static class SignedJwts
{
    /// <summary>A new key pair on P-256.</summary>
    public static ECDsa NewKey() => ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>The public half as a JWK (RFC 7517).</summary>
    public static string JwkOf(ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return $$"""{"kty":"EC","crv":"P-256","x":"{{Base64Url.EncodeToString(point.X)}}","y":"{{Base64Url.EncodeToString(point.Y)}}"}""";
    }

    public static string Assertion(ECDsa key, string clientId, string issuer)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        return Sign(key, """{"alg":"ES256","typ":"client-authentication+jwt"}""", string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"iss":"{{clientId}}","sub":"{{clientId}}","aud":"{{issuer}}","iat":{{now}},"exp":{{now + 300}},"jti":"{{Guid.NewGuid():N}}"}"""));
    }

    public static string Proof(ECDsa key, string jwk, Uri address) => Sign(
        key,
        $$"""{"typ":"dpop+jwt","alg":"ES256","jwk":{{jwk}}}""",
        string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"jti":"{{Guid.NewGuid():N}}","htm":"POST","htu":"{{address.AbsoluteUri}}","iat":{{TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()}}}"""));

    private static string Sign(ECDsa key, string header, string claims)
    {
        var signed = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}";
        return $"{signed}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }
}
