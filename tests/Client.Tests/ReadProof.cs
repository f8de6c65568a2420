using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Client.Tests;

/// <summary>What a DPoP proof says, and whether its key says it.</summary>
internal static class ReadProof
{
    public static string? Claim(string jwt, string name) => Part(jwt, 1)[name]?.ToString();

    public static JsonObject Part(string jwt, int part) => JsonNode.Parse(Base64Url.DecodeFromChars(jwt.Split('.')[part]))!.AsObject();

    public static void AssertSigned(string proof)
    {
        var jwk = Part(proof, 0)["jwk"]!;
        using var key = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new() { X = Base64Url.DecodeFromChars(jwk["x"]!.GetValue<string>()), Y = Base64Url.DecodeFromChars(jwk["y"]!.GetValue<string>()) },
        });
        var end = proof.LastIndexOf('.');
        Assert.True(key.VerifyData(Encoding.ASCII.GetBytes(proof[..end]), Base64Url.DecodeFromChars(proof.AsSpan(end + 1)), HashAlgorithmName.SHA256));
    }
}
