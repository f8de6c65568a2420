using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Conformance.Tests.Running;

/// <summary>DPoP proofs (RFC 9449 section 4.2), by the names that cases have for them.</summary>
internal static class Proofs
{
    private static readonly ECDsa Key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private static readonly ECDsa OtherKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>A new proof.</summary>
    /// <param name="name">What is particular about it; <c>garbage</c> is no proof at all.</param>
    /// <param name="method">Of the request.</param>
    /// <param name="address">Of the request.</param>
    /// <param name="token">The access token that it comes with; null: none.</param>
    public static string Named(string name, string method, string address, string? token)
    {
        var (now, key) = (TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(), name == "other_key" ? OtherKey : Key);
        var claims = new JsonObject { ["jti"] = $"{Guid.NewGuid()}", ["htm"] = method, ["htu"] = address, ["iat"] = now };
        if (token is not null)
        {
            claims["ath"] = Encode(SHA256.HashData(Encoding.ASCII.GetBytes(token)));
        }

        switch (name)
        {
            case "good" or "other_key":
                break;
            case "other_method":
                claims["htm"] = "PATCH";
                break;
            case "other_address":
                claims["htu"] = $"{address}/elsewhere";
                break;
            case "other_token":
                claims["ath"] = Encode(SHA256.HashData("another"u8));
                break;
            case "old":
                claims["iat"] = now - 3600;
                break;
            case "garbage":
                return "garbage";
            default:
                throw new InvalidDataException($"there is no proof called {name}");
        }

        return Sign(key, claims);
    }

    private static string Sign(ECDsa key, JsonObject claims)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        var jwk = new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = Encode(point.X!), ["y"] = Encode(point.Y!) };
        var header = new JsonObject { ["typ"] = "dpop+jwt", ["alg"] = "ES256", ["jwk"] = jwk };
        var signed = $"{Encode(Encoding.UTF8.GetBytes(header.ToJsonString()))}.{Encode(Encoding.UTF8.GetBytes(claims.ToJsonString()))}";
        return $"{signed}.{Encode(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    private static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
