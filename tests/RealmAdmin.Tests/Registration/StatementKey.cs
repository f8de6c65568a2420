using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace RealmAdmin.Tests.Registration;

/// <summary>The key pair of somebody who signs software statements.</summary>
internal sealed class StatementKey : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>Its public half, as a JWK set.</summary>
    public string Jwks
    {
        get
        {
            var point = _key.ExportParameters(includePrivateParameters: false).Q;
            return $$"""{"keys":[{"kty":"EC","crv":"P-256","x":"{{Base64Url.EncodeToString(point.X)}}","y":"{{Base64Url.EncodeToString(point.Y)}}"}]}""";
        }
    }

    public string Sign(string claims, string header = """{"alg":"ES256"}""")
    {
        var signed = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}";
        return $"{signed}.{Base64Url.EncodeToString(_key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    /// <summary>Client metadata with a statement in them.</summary>
    public static string Metadata(string metadata, string statement)
    {
        var json = JsonNode.Parse(metadata)!.AsObject();
        json["software_statement"] = statement;
        return json.ToJsonString();
    }

    public void Dispose() => _key.Dispose();
}
