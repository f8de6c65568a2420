using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Token.Tests.ClientAuthentication;

namespace Token.Tests.Dpop;

/// <summary>Makes DPoP proofs for one request, good ones and bad ones, each with an id of its own.</summary>
/// <param name="Key">The client's key pair.</param>
/// <param name="Method">Of the request.</param>
/// <param name="Address">Of the request.</param>
/// <param name="Now">When they are made.</param>
internal sealed record ProofMaker(ClientKey Key, string Method, string Address, DateTimeOffset Now)
{
    /// <summary>That the request comes with; null: none.</summary>
    public string? AccessToken { get; init; }

    public long Seconds => Now.ToUnixTimeSeconds();

    /// <summary>RFC 7638, made as its section 3 says and not as the server does.</summary>
    public static string ThumbprintOf(ClientKey key)
    {
        var names = key.Jwk["kty"]!.GetValue<string>() == "RSA" ? new[] { "e", "kty", "n" } : ["crv", "kty", "x", "y"];
        var canonical = $"{{{string.Join(',', names.Select(name => $"\"{name}\":\"{key.Jwk[name]!.GetValue<string>()}\""))}}}";
        return Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)));
    }

    public JsonObject Header() => new() { ["typ"] = "dpop+jwt", ["alg"] = Key.Algorithm, ["jwk"] = Key.Jwk.DeepClone() };

    public JsonObject Claims()
    {
        var claims = new JsonObject { ["jti"] = $"{Guid.NewGuid()}", ["htm"] = Method, ["htu"] = Address, ["iat"] = Seconds };
        if (AccessToken is not null)
        {
            claims["ath"] = HashOf(AccessToken);
        }

        return claims;
    }

    public static string HashOf(string token) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(token)));

    /// <summary>One that nothing is wrong with.</summary>
    public string Make() => Sign(Header(), Claims());

    /// <summary>The same with one claim changed; null: without it.</summary>
    public string With(string claim, JsonNode? value) => Sign(Header(), Changed(Claims(), claim, value));

    /// <summary>The same with one member of the header changed; null: without it.</summary>
    public string WithHeader(string member, JsonNode? value) => Sign(Changed(Header(), member, value), Claims());

    public string Sign(JsonObject header, JsonObject claims) => Key.Sign(header.ToJsonString(), claims.ToJsonString());

    public static JsonObject Changed(JsonObject json, string member, JsonNode? value)
    {
        json.Remove(member);
        if (value is not null)
        {
            json[member] = value;
        }

        return json;
    }
}
