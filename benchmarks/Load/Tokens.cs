using System.Text.Json;

namespace Benchmarks.Load;

/// <summary>Access tokens from a token endpoint (RFC 6749 section 5.1).</summary>
internal static class Tokens
{
    public static async Task<string> IssueAsync(HttpClient http, Uri endpoint, string form, RequestHeader authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new StringContent(form, null, RequestHeader.FormType) };
        request.Headers.TryAddWithoutValidation(authorization.Name, authorization.Value);
        using var response = await http.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode
            ? JsonDocument.Parse(body).RootElement.GetProperty("access_token").GetString()!
            : throw new InvalidOperationException($"no token from {endpoint}: {(int)response.StatusCode} {body}");
    }
}
