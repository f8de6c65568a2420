using System.Text.Json;

namespace Benchmarks.Local;

/// <summary>The realm that the load generator made for this, and its tokens.</summary>
internal sealed class LocalRealm : IDisposable
{
    public const string Permission = "invoices.read";
    public const string ProbePermission = "invoices.approve";
    public const string ApiId = "api";
    public const string ServiceId = "service";
    public const string Secret = "local-secret-0123456789abcdef0123456789";

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });

    public static Uri Issuer => new(Settings.TokenHttp, $"/realms/{Settings.RealmId}");

    /// <summary>A new token that allows <see cref="Permission"/>.</summary>
    public async Task<string> TokenAsync()
    {
        using var form = new FormUrlEncodedContent(
        [
            new("grant_type", "client_credentials"),
            new("client_id", ServiceId),
            new("client_secret", Secret),
        ]);
        using var response = await _http.PostAsync(new Uri(Settings.TokenHttp, $"/realms/{Settings.RealmId}/oauth2/token"), form);
        response.EnsureSuccessStatusCode();
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("access_token").GetString()!;
    }

    public async Task<string[]> TokensAsync(int count)
    {
        var tokens = new string[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) => tokens[i] = await TokenAsync());
        return tokens;
    }

    public void Dispose() => _http.Dispose();
}
