using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Pltfrms.Iam.Client;

/// <summary>The private key that this application signs with: ES256 or ES384 by its curve, PS256 where it is of RSA.</summary>
internal sealed class ClientKey : IDisposable
{
    private readonly AsymmetricAlgorithm _key;
    private readonly Func<byte[], byte[]> _sign;

    private ClientKey(AsymmetricAlgorithm key, string algorithm, IReadOnlyDictionary<string, string> publicJwk, Func<byte[], byte[]> sign)
    {
        _key = key;
        _sign = sign;
        Algorithm = algorithm;
        PublicJwk = publicJwk;
    }

    /// <summary>RFC 7518 section 3.1.</summary>
    public string Algorithm { get; }

    /// <summary>Its public part (RFC 7517).</summary>
    public IReadOnlyDictionary<string, string> PublicJwk { get; }

    /// <summary>A new one, for ES256.</summary>
    public static ClientKey Generate() => Of(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>The key in a text of PEM (RFC 7468).</summary>
    /// <exception cref="CryptographicException">There is none, or none that signs so.</exception>
    public static ClientKey Read(string pem)
    {
        if (TryEc(pem) is { } curve)
        {
            return Of(curve);
        }

        var rsa = RSA.Create();
        rsa.ImportFromPem(pem);
        // Without its private part it could verify and not sign.
        _ = rsa.ExportParameters(includePrivateParameters: true);
        return rsa.KeySize >= 2048
            ? new(rsa, "PS256", Jwk(rsa), data => rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pss))
            : throw new CryptographicException("The key is shorter than 2,048 bits.");
    }

    /// <summary>A JWT (RFC 7519).</summary>
    /// <param name="header">Without <c>alg</c>.</param>
    /// <param name="claims">Its claims.</param>
    public string Sign(IReadOnlyDictionary<string, object> header, IReadOnlyDictionary<string, object> claims)
    {
        var signed = $"{Encode(new Dictionary<string, object>(header) { ["alg"] = Algorithm })}.{Encode(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(_sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    public void Dispose() => _key.Dispose();

    private static ClientKey Of(ECDsa curve) => curve.KeySize switch
    {
        256 => new(curve, "ES256", Jwk(curve, "P-256"), data => curve.SignData(data, HashAlgorithmName.SHA256)),
        384 => new(curve, "ES384", Jwk(curve, "P-384"), data => curve.SignData(data, HashAlgorithmName.SHA384)),
        _ => throw new CryptographicException("The key is of a curve that is not supported."),
    };

    private static Dictionary<string, string> Jwk(ECDsa curve, string name)
    {
        var point = curve.ExportParameters(includePrivateParameters: false).Q;
        return new() { ["kty"] = "EC", ["crv"] = name, ["x"] = Base64Url.EncodeToString(point.X), ["y"] = Base64Url.EncodeToString(point.Y) };
    }

    private static Dictionary<string, string> Jwk(RSA rsa)
    {
        var key = rsa.ExportParameters(includePrivateParameters: false);
        return new() { ["kty"] = "RSA", ["n"] = Base64Url.EncodeToString(key.Modulus), ["e"] = Base64Url.EncodeToString(key.Exponent) };
    }

    private static ECDsa? TryEc(string pem)
    {
        var curve = ECDsa.Create();
        try
        {
            curve.ImportFromPem(pem);
            _ = curve.ExportParameters(includePrivateParameters: true);
            return curve;
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            curve.Dispose();
            return null;
        }
    }

    private static string Encode(IReadOnlyDictionary<string, object> json) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(json));
}
