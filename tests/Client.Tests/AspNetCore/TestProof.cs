using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Client.Tests.AspNetCore;

/// <summary>A sender's DPoP key, and the proofs that it makes; tests spoil them.</summary>
public sealed class TestProof : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public JsonObject Jwk
    {
        get
        {
            var point = _key.ExportParameters(includePrivateParameters: false).Q;
            return new() { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = Base64Url.EncodeToString(point.X), ["y"] = Base64Url.EncodeToString(point.Y) };
        }
    }

    /// <summary>RFC 7638: members in order.</summary>
    public string Thumbprint => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(
        $$"""{"crv":"P-256","kty":"EC","x":"{{Jwk["x"]}}","y":"{{Jwk["y"]}}"}""")));

    public string Make(string token, Uri address, DateTimeOffset now, Action<JsonObject, JsonObject>? spoil = null)
    {
        JsonObject header = new() { ["typ"] = "dpop+jwt", ["alg"] = "ES256", ["jwk"] = Jwk };
        JsonObject claims = new()
        {
            ["jti"] = Guid.NewGuid().ToString(),
            ["htm"] = "GET",
            ["htu"] = address.ToString(),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["ath"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(token))),
            ["extra"] = "is ignored",
        };
        spoil?.Invoke(header, claims);
        var signed = $"{Encode(header)}.{Encode(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(_key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    public void Dispose() => _key.Dispose();

    private static string Encode(JsonObject json) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(json));
}
