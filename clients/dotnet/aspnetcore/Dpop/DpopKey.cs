using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Pltfrms.Iam.Client.AspNetCore.Dpop;

/// <summary>The public key in a DPoP proof (RFC 7517), and its thumbprint (RFC 7638).</summary>
internal sealed class DpopKey
{
    /// <summary>RFC 7518 section 6: what only the owner of a key may have.</summary>
    private static readonly string[] PrivateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

    private readonly JsonElement _jwk;
    private readonly string _algorithm;

    private DpopKey(JsonElement jwk, string algorithm, string canonical)
    {
        _jwk = jwk;
        _algorithm = algorithm;
        Thumbprint = Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)));
    }

    public string Thumbprint { get; }

    /// <exception cref="FormatException">It is no public key for this algorithm.</exception>
    public static DpopKey Read(JsonElement jwk, string algorithm)
    {
        if (jwk.ValueKind != JsonValueKind.Object || PrivateMembers.Any(member => jwk.TryGetProperty(member, out _)))
        {
            throw new FormatException("jwk is no public key");
        }
        var canonical = (algorithm, Text(jwk, "kty")) switch
        {
            ("ES256" or "ES384", "EC") when Text(jwk, "crv") == CurveOf(algorithm) =>
                $$"""{"crv":"{{Text(jwk, "crv")}}","kty":"EC","x":"{{Number(jwk, "x")}}","y":"{{Number(jwk, "y")}}"}""",
            ("PS256", "RSA") => $$"""{"e":"{{Number(jwk, "e")}}","kty":"RSA","n":"{{Number(jwk, "n")}}"}""",
            _ => throw new FormatException("jwk is not of the kind that alg needs"),
        };
        return new(jwk, algorithm, canonical);
    }

    /// <exception cref="CryptographicException">It is not on its curve, or otherwise no key.</exception>
    public bool Verifies(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (_algorithm == "PS256")
        {
            using var rsa = RSA.Create(new RSAParameters { Modulus = Bytes("n"), Exponent = Bytes("e") });
            return rsa.KeySize is >= 2048 and <= 8192 && rsa.VerifyData(data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pss);
        }
        var (curve, hash) = _algorithm == "ES256"
            ? (ECCurve.NamedCurves.nistP256, HashAlgorithmName.SHA256)
            : (ECCurve.NamedCurves.nistP384, HashAlgorithmName.SHA384);
        using var ecdsa = ECDsa.Create(new ECParameters { Curve = curve, Q = new() { X = Bytes("x"), Y = Bytes("y") } });
        return ecdsa.VerifyData(data, signature, hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    private static string CurveOf(string algorithm) => algorithm == "ES256" ? "P-256" : "P-384";

    private byte[] Bytes(string member) => Base64Url.DecodeFromChars(Text(_jwk, member));

    /// <summary>Only the alphabet: what goes into the thumbprint's JSON ends no string there.</summary>
    private static string Number(JsonElement jwk, string member) =>
        Text(jwk, member) is { Length: > 0 } text && text.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')
            ? text
            : throw new FormatException($"{member} is no number");

    private static string? Text(JsonElement jwk, string member) =>
        jwk.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
