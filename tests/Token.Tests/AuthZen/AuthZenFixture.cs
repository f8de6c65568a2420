using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Testing;
using Token.Tests.Hosting;

namespace Token.Tests.AuthZen;

/// <summary>A token service with the certification realm, and a policy enforcement point that asks it.</summary>
public sealed class AuthZenFixture : IAsyncLifetime
{
    private readonly SqliteTokenDatabase _database = new();

    internal TestRealmFeed Realms { get; } = new();

    internal FakeClock Clock { get; } = new();

    internal TokenReplica Service { get; private set; } = null!;

    internal static AuthenticationHeaderValue Pep { get; } = TokenReplica.Basic("pep", CertificationRealm.PepSecret);

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        Realms.Set(CertificationRealm.Id, CertificationRealm.Resources);
        Realms.Set(TestRealm.Id, TestRealm.Resources(TestRealm.Id));
        Service = await TokenReplica.StartAsync(_database.Settings, Realms, Clock);
    }

    public async Task DisposeAsync()
    {
        await Service.DisposeAsync();
        await _database.DisposeAsync();
    }

    /// <summary>Posts JSON to an address of the certification realm as its policy enforcement point.</summary>
    internal Task<AuthZenAnswer> PostAsync(string path, string json) => PostAsync(path, json, Pep);

    internal Task<AuthZenAnswer> PostAsync(
        string path, string json, AuthenticationHeaderValue? caller, string contentType = "application/json", params (string Name, string Value)[] headers) =>
        SendAsync(CertificationRealm.Id, path, json, caller, contentType, headers);

    /// <summary>Posts JSON to an address of another realm of the same resources.</summary>
    internal Task<AuthZenAnswer> PostToAsync(string realmId, string path, string json) => SendAsync(realmId, path, json, Pep, "application/json", []);

    /// <summary>The decision of a request that is answered with one.</summary>
    internal async Task<bool> DecideAsync(string json)
    {
        var answer = await PostAsync("evaluation", json);
        Assert.Equal((200, "application/json", "no-store"), (answer.Status, answer.ContentType, answer.Header("Cache-Control")));
        return answer.Json.GetProperty("decision").GetBoolean();
    }

    private async Task<AuthZenAnswer> SendAsync(
        string realmId, string path, string json, AuthenticationHeaderValue? caller, string contentType, (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/realms/{realmId}/access/v1/{path}")
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(json)),
        };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        request.Headers.Authorization = caller;
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await Service.Http.SendAsync(request);
        return await AuthZenAnswer.OfAsync(response);
    }
}

internal sealed record AuthZenAnswer(int Status, string ContentType, JsonElement Json, IReadOnlyDictionary<string, string> Headers)
{
    public string? Header(string name) => Headers.GetValueOrDefault(name);

    /// <summary>The decisions of a batch.</summary>
    public IReadOnlyList<bool> Decisions => [.. Json.GetProperty("evaluations").EnumerateArray().Select(item => item.GetProperty("decision").GetBoolean())];

    /// <summary>The ids, or names, that a search found.</summary>
    public IReadOnlyList<string> Found =>
        [.. Json.GetProperty("results").EnumerateArray().Select(item => (item.TryGetProperty("id", out var id) ? id : item.GetProperty("name")).GetString()!)];

    public string NextToken => Json.GetProperty("page").GetProperty("next_token").GetString()!;

    /// <summary>What an evaluation that denies answers.</summary>
    public static string Denied(string reason) => """{"decision":false,"context":{"reason_admin":{"403":"REASON"}}}""".Replace("REASON", reason, StringComparison.Ordinal);

    public static async Task<AuthZenAnswer> OfAsync(HttpResponseMessage response)
    {
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return new(
            (int)response.StatusCode,
            response.Content.Headers.ContentType?.ToString() ?? "",
            json.RootElement.Clone(),
            response.Headers.ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase));
    }
}
