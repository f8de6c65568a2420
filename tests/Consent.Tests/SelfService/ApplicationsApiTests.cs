using System.Net;
using System.Text;
using System.Text.Json;
using Consent.Tests.Hosting;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Token.V1;
using static Consent.Tests.Hosting.DialogCalls;

namespace Consent.Tests.SelfService;

/// <summary>The JSON API for a user's own decisions, with the user's access token.</summary>
public sealed class ApplicationsApiTests(ConsentServiceFixture fixture) : IClassFixture<ConsentServiceFixture>, IDisposable
{
    private const string List = "/realms/demo/account/applications";

    private readonly Browser _http = new(fixture.Service.HttpAddress);

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task The_list_is_grouped_by_client_and_tells_what_was_decided_and_when_it_was_used()
    {
        var user = await fixture.NewUserAsync();
        await fixture.Service.GrantAsync(Request(user, "web", "invoices.read", "payments.refund"), "invoices.read");
        fixture.Peers.AddGrant(user, "web", "", "invoices.read");

        using var answer = await _http.JsonAsync($"{List}?ui_locales=de", ("Authorization", Token(user)));

        var application = Assert.Single((await Browser.ReadJsonAsync(answer)).GetProperty("applications").EnumerateArray());
        Assert.Equal("Demo web", application.GetProperty("client").GetProperty("display_name").GetString());
        Assert.Equal("2025-12-29T09:20:00Z", application.GetProperty("last_use_time").GetString());
        Assert.Equal(
            """[{"organization_id":"","organization_display_name":"","scope":"invoices.read","title":"Rechnungen lesen","description":"Alle Rechnungen.","language":"de","decision":"granted","decide_time":"2026-01-01T12:00:00Z","expire_time":null,"method":"grpc"},{"organization_id":"","organization_display_name":"","scope":"payments.refund","title":"","description":"","language":"","decision":"denied","decide_time":"2026-01-01T12:00:00Z","expire_time":null,"method":"grpc"}]""",
            application.GetProperty("consents").GetRawText());
    }

    [Fact]
    public async Task A_decision_is_changed_forgotten_or_a_client_revoked()
    {
        var user = await fixture.NewUserAsync();
        await fixture.Service.GrantAsync(Request(user, "web", "invoices.read", "invoices.create"), "invoices.read", "invoices.create");
        var grant = fixture.Peers.AddGrant(user, "web", "", "invoices.read");

        Assert.Equal(204, await PatchAsync(user, "web", new { scope = "invoices.read", decision = "denied" }));
        Assert.False(fixture.Peers.Grants.ContainsKey(grant.GrantId));
        Assert.Equal(["invoices.create Granted", "invoices.read Denied"], await RecordedAsync(user));
        Assert.Equal(204, await DeleteAsync(user, "web?scope=invoices.create"));
        Assert.Equal(["invoices.read Denied"], await RecordedAsync(user));
        Assert.Equal(204, await DeleteAsync(user, "web"));
        Assert.Empty(await RecordedAsync(user));
    }

    [Fact]
    public async Task All_that_a_user_ever_decided_is_a_file()
    {
        var (user, other) = (await fixture.NewUserAsync(), await fixture.NewUserAsync());
        await fixture.Service.GrantAsync(Request(user, "web", "invoices.read", "payments.refund"), "invoices.read");
        await fixture.Service.GrantAsync(Request(other, "web", "invoices.read"), "invoices.read");
        Assert.Equal(204, await DeleteAsync(user, "web"));

        using var answer = await _http.JsonAsync("/realms/demo/account/receipts", ("Authorization", Token(user)));
        using var stranger = await _http.JsonAsync("/realms/demo/account/receipts");

        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
        Assert.Equal("attachment; filename=\"consents.json\"", answer.Content.Headers.ContentDisposition!.ToString());
        var file = await Browser.ReadJsonAsync(answer);
        Assert.Equal(("demo", user), (file.GetProperty("realm_id").GetString(), file.GetProperty("user_id").GetString()));
        Assert.Equal(
            [
                "grpc: invoices.read granted, payments.refund denied",
                "self_service: invoices.read revoked, payments.refund revoked",
            ],
            file.GetProperty("receipts").EnumerateArray().Select(receipt =>
                $"{receipt.GetProperty("method").GetString()}: {string.Join(", ", receipt.GetProperty("consents").EnumerateArray().Select(line => $"{line.GetProperty("scope").GetString()} {line.GetProperty("decision").GetString()}").Order())}"));
        Assert.All(file.GetProperty("receipts").EnumerateArray(), receipt => Assert.Matches("^[0-9a-f]{64}$", receipt.GetProperty("hash").GetString()));
    }

    [Theory]
    [InlineData("PATCH", "web", """{"scope":"invoices.read","decision":"denied"}""", "invoices.read Denied")]
    [InlineData("DELETE", "web?scope=invoices.read", "", null)]
    [InlineData("DELETE", "web", "", null)]
    public async Task A_change_that_the_token_service_has_not_heard_of_is_said_to_be_pending(string method, string path, string body, string? recorded)
    {
        var user = await fixture.NewUserAsync();
        await fixture.Service.GrantAsync(Request(user, "web", "invoices.read"), "invoices.read");
        var grant = fixture.Peers.AddGrant(user, "web", "", "invoices.read");
        fixture.Peers.RefusesRevocations = true;
        try
        {
            using var answer = await AnswerAsync(method, user, path, body);
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
            Assert.Equal("""{"effective":"pending"}""", (await Browser.ReadJsonAsync(answer)).GetRawText());
        }
        finally
        {
            fixture.Peers.RefusesRevocations = false;
        }

        Assert.Equal(recorded is null ? [] : [recorded], await RecordedAsync(user));
        Assert.True(fixture.Peers.Grants.ContainsKey(grant.GrantId));
    }

    [Theory]
    [InlineData("PATCH", "web", """{"scope":"invoices.read"}""", 400)]
    [InlineData("PATCH", "web", """{"decision":"denied"}""", 400)]
    [InlineData("PATCH", "web", """{"scope":"invoices.read","decision":"GRANTED"}""", 400)]
    [InlineData("PATCH", "web", """{"scope":"invoices.approve","decision":"granted"}""", 404)]
    [InlineData("PATCH", "web", """{"scope":"invoices.read","decision":"denied","organization_id":"acme"}""", 404)]
    [InlineData("PATCH", "spa", """{"scope":"invoices.read","decision":"denied"}""", 404)]
    [InlineData("PATCH", "web", "", 400)]
    [InlineData("DELETE", "web?scope=", "", 400)]
    [InlineData("DELETE", "web?organization_id=acme", "", 400)]
    [InlineData("DELETE", "web?scope=a&scope=b", "", 400)]
    [InlineData("PUT", "web", "", 405)]
    public async Task What_was_not_decided_cannot_be_changed_and_nothing_is_forgotten_by_mistake(string method, string path, string body, int status)
    {
        var user = await fixture.NewUserAsync();
        await fixture.Service.GrantAsync(Request(user, "web", "invoices.read"), "invoices.read");

        Assert.Equal(status, await SendAsync(method, user, path, body));
        Assert.Equal(["invoices.read Granted"], await RecordedAsync(user));
    }

    public static TheoryData<string, string, int> Refusals() => new()
    {
        { "no scheme that we know", "Basic YTpi", 401 },
        { "nothing after the scheme", "Bearer ", 401 },
        { "no token", "Bearer garbage", 401 },
        { "an operator's key is no user's", "Bearer " + ConsentReplica.OperatorKey, 401 },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Strangers_are_refused(string who, string authorization, int status)
    {
        using var answer = await _http.JsonAsync(List, ("Authorization", authorization));

        Assert.True(status == (int)answer.StatusCode, who);
        Assert.StartsWith("Bearer", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_presents_nothing_is_told_how()
    {
        using var answer = await _http.JsonAsync(List);

        Assert.Equal((HttpStatusCode.Unauthorized, "Bearer"), (answer.StatusCode, answer.Headers.WwwAuthenticate.ToString()));
    }

    public static TheoryData<string, Action<IntrospectTokenResponse>> ForeignTokens => new()
    {
        { "a client's own", t => { t.SubjectType = SubjectType.Client; t.UserId = ""; } },
        { "one without the scope", t => t.Scopes.Clear() },
        { "one for another resource server", t => { t.Audiences.Clear(); t.Audiences.Add(ConsentRealm.Api); } },
        { "one that is tied to an organization", t => t.OrganizationId = "acme" },
    };

    [Theory]
    [MemberData(nameof(ForeignTokens))]
    public async Task A_token_that_does_not_speak_for_the_user_sees_nothing(string what, Action<IntrospectTokenResponse> change)
    {
        var token = Token(await fixture.NewUserAsync(), change);

        using var answer = await _http.JsonAsync(List, ("Authorization", token));

        Assert.True(answer.StatusCode == HttpStatusCode.Forbidden, what);
        Assert.Equal("Bearer error=\"insufficient_scope\"", answer.Headers.WwwAuthenticate.ToString());
    }

    public static TheoryData<string, Action<IntrospectTokenResponse>> DeadTokens => new()
    {
        { "one that is not active", t => t.Active = false },
        { "another realm's", t => t.Issuer = "https://iam.example/realms/other" },
        { "one that is bound to a key, and comes without", t => t.Confirmation = new() { JwkThumbprint = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I" } },
    };

    [Theory]
    [MemberData(nameof(DeadTokens))]
    public async Task A_token_that_is_not_active_here_is_none(string what, Action<IntrospectTokenResponse> change)
    {
        var token = Token(await fixture.NewUserAsync(), change);

        using var answer = await _http.JsonAsync(List, ("Authorization", token));

        Assert.True(answer.StatusCode == HttpStatusCode.Unauthorized, what);
        Assert.Equal("Bearer error=\"invalid_token\"", answer.Headers.WwwAuthenticate.ToString());
    }

    private Task<int> PatchAsync(string user, string client, object body) => SendAsync("PATCH", user, client, JsonSerializer.Serialize(body));

    private Task<int> DeleteAsync(string user, string path) => SendAsync("DELETE", user, path, "");

    private async Task<int> SendAsync(string method, string user, string path, string body)
    {
        using var answer = await AnswerAsync(method, user, path, body);
        return (int)answer.StatusCode;
    }

    private async Task<HttpResponseMessage> AnswerAsync(string method, string user, string path, string body)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), $"{List}/{path}");
        if (method == "PATCH")
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        return await _http.SendAsync(request, ("Authorization", Token(user)));
    }

    private async Task<IEnumerable<string>> RecordedAsync(string user) =>
        (await fixture.Service.Consents.ListConsentsAsync(new() { RealmId = "demo", UserId = user }, ConsentReplica.Operator))
            .Consents.Select(c => $"{c.Scope} {c.Decision}");

    private string Token(string userId, Action<IntrospectTokenResponse>? change = null)
    {
        var token = UnsignedToken.Of("https://iam.example/realms/demo", userId);
        var answer = new IntrospectTokenResponse
        {
            Active = true,
            UserId = userId,
            Subject = userId,
            SubjectType = SubjectType.User,
            ClientId = "portal",
            Scopes = { IamPermissions.ConsentsSelf },
            Audiences = { IamPermissions.Audience },
            Issuer = "https://iam.example/realms/demo",
        };
        change?.Invoke(answer);
        fixture.Peers.Tokens[token] = answer;
        return $"Bearer {token}";
    }
}
