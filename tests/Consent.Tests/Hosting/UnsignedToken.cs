using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Consent.Tests.Hosting;

/// <summary>Text that reads like an access token; only a token service can say whether it is one.</summary>
internal static class UnsignedToken
{
    public static string Of(string issuer, string subject)
    {
        var header = """{"alg":"ES256","typ":"at+jwt","kid":"k"}""";
        var payload = JsonSerializer.Serialize(new Dictionary<string, string>
        {
            ["iss"] = issuer,
            ["sub"] = subject,
            ["jti"] = Guid.NewGuid().ToString("n"),
            ["client_id"] = "portal",
        });
        return $"{Encode(header)}.{Encode(payload)}.{Base64Url.EncodeToString(new byte[64])}";
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
