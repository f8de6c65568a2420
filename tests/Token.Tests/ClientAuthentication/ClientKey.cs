using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Token.Tests.ClientAuthentication;

/// <summary>A client's key pair: its public half as a JWK, and what it signs, well or badly.</summary>
internal sealed class ClientKey
{
    private readonly AsymmetricAlgorithm _key;

    private ClientKey(AsymmetricAlgorithm key, string algorithm, JsonObject jwk)
    {
        (_key, Algorithm, Jwk) = (key, algorithm, jwk);
    }

    public string Algorithm { get; }

    /// <summary>The public half.</summary>
    public JsonObject Jwk { get; }

    public static ClientKey Of(string algorithm, string keyId)
    {
        if (algorithm[..2] is "PS" or "RS")
        {
            var rsa = RSA.Create(2048);
            var parameters = rsa.ExportParameters(includePrivateParameters: false);
            return new ClientKey(rsa, algorithm, new JsonObject
            {
                ["kty"] = "RSA",
                ["n"] = Encode(parameters.Modulus!),
                ["e"] = Encode(parameters.Exponent!),
                ["alg"] = algorithm,
                ["kid"] = keyId,
            });
        }

        var ec = ECDsa.Create(algorithm == "ES384" ? ECCurve.NamedCurves.nistP384 : ECCurve.NamedCurves.nistP256);
        var point = ec.ExportParameters(includePrivateParameters: false).Q;
        return new ClientKey(ec, algorithm, new JsonObject
        {
            ["kty"] = "EC",
            ["crv"] = algorithm == "ES384" ? "P-384" : "P-256",
            ["x"] = Encode(point.X!),
            ["y"] = Encode(point.Y!),
            ["kid"] = keyId,
        });
    }

    public static string SetOf(params ClientKey[] keys) => new JsonObject { ["keys"] = new JsonArray([.. keys.Select(key => key.Jwk.DeepClone())]) }.ToJsonString();

    /// <summary>A JWT with this key's algorithm and id in its header, unless the header given says otherwise.</summary>
    public string Sign(JsonObject header, JsonObject claims)
    {
        var complete = new JsonObject { ["alg"] = Algorithm, ["kid"] = Jwk["kid"]!.DeepClone() };
        foreach (var (name, value) in header)
        {
            complete.Remove(name);
            complete[name] = value?.DeepClone();
        }

        return Sign(complete.ToJsonString(), claims.ToJsonString());
    }

    /// <summary>The same of texts, which need not be JSON.</summary>
    public string Sign(string header, string claims)
    {
        var signed = $"{Encode(Encoding.UTF8.GetBytes(header))}.{Encode(Encoding.UTF8.GetBytes(claims))}";
        return $"{signed}.{Encode(Sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    public static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);

    private byte[] Sign(byte[] data) => _key switch
    {
        ECDsa ec => ec.SignData(data, Algorithm == "ES384" ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256),
        RSA rsa => rsa.SignData(data, HashAlgorithmName.SHA256, Algorithm == "RS256" ? RSASignaturePadding.Pkcs1 : RSASignaturePadding.Pss),
        _ => throw new InvalidOperationException(),
    };
}
