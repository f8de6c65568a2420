using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Grpc.Core;
using Grpc.Net.Client;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Consent.V1;
using Pltfrms.Iam.RealmAdmin.V1;
using Pltfrms.Iam.Token.V1;
using Testing;

namespace Suite.Tests;

/// <summary>A realm like demo that is used, deleted and made again; and an attacker who has kept everything that the first one gave out.</summary>
internal sealed class DoomedRealm(Uri origin, GrpcChannel realmAdmin, IReadOnlyList<GrpcChannel> tokens, GrpcChannel consent, Metadata @operator) : IDisposable
{
    public const string Id = "doomed";

    private const string Callback = "http://127.0.0.1:8765/callback";
    private const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    private const string Challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    private const string WebSecret = "demo-web-secret-0123456789abcdefgh";

    private readonly RealmService.RealmServiceClient _realms = new(realmAdmin);
    private readonly HttpClient _http = new() { BaseAddress = origin };
    private readonly TestBrowser _browser = new(origin);

    private string _access = "";
    private string _machine = "";
    private string _refresh = "";
    private string _code = "";
    private string _device = "";
    private string _pushed = "";
    private IReadOnlyList<string> _keyIds = [];

    public async Task ImportAsync()
    {
        var document = (await File.ReadAllTextAsync(SuiteProcess.DemoRealmFile)).Replace("realm_id: demo", $"realm_id: {Id}", StringComparison.Ordinal);
        await _realms.ImportRealmAsync(new() { RealmId = Id, Document = document }, @operator);
    }

    /// <summary>Everything that a realm can give out, each of it good.</summary>
    public async Task UseAsync()
    {
        _code = await AuthorizeAsync();
        var redeemed = await FormAsync("token", "demo-web", ("grant_type", "authorization_code"), ("code", _code), ("redirect_uri", Callback), ("code_verifier", Verifier));
        _access = redeemed.GetProperty("access_token").GetString()!;
        _refresh = redeemed.GetProperty("refresh_token").GetString()!;
        // The session and the decision are remembered, so that this code comes without a question.
        _code = (await _browser.GetAsync(AuthorizeAddress())).Parameter("code")!;
        var issue = new IssueTokenRequest { RealmId = Id, ClientId = "demo-service", ClientSecret = Demo.ServiceSecret, ClientCredentials = new() };
        _machine = (await Issuing.IssueTokenAsync(issue)).AccessToken;
        var revoked = (await Issuing.IssueTokenAsync(issue)).AccessToken;
        await Issuing.RevokeTokenAsync(new() { RealmId = Id, Token = revoked }, @operator);
        _device = (await FormAsync("device_authorization", null, ("client_id", "demo-tv"), ("scope", "invoices.read"))).GetProperty("device_code").GetString()!;
        _pushed = (await FormAsync(
            "par",
            "demo-web",
            ("client_id", "demo-web"),
            ("response_type", "code"),
            ("redirect_uri", Callback),
            ("scope", "invoices.read"),
            ("code_challenge", Challenge),
            ("code_challenge_method", "S256"))).GetProperty("request_uri").GetString()!;
        _keyIds = await KeyIdsAsync();
        foreach (var channel in tokens)
        {
            Assert.True(await IsActiveAsync(channel, _access));
            Assert.True(await IsActiveAsync(channel, _machine));
            Assert.False(await IsActiveAsync(channel, revoked));
        }
    }

    public async Task DeleteAsync()
    {
        await _realms.UpdateRealmAsync(
            new() { Realm = new() { RealmId = Id, Disabled = true }, UpdateMask = new() { Paths = { "disabled" } } }, @operator);
        await _realms.DeleteRealmAsync(new() { RealmId = Id }, @operator);
    }

    /// <summary>Why the id cannot be used for a new realm; null: it can.</summary>
    public async Task<string?> HeldBackAsync()
    {
        try
        {
            await _realms.ImportRealmAsync(new() { RealmId = Id, Document = $"realm_id: {Id}", DryRun = true }, @operator);
            return null;
        }
        catch (RpcException refusal)
        {
            return RichStatus.ReasonOf(refusal);
        }
    }

    public async Task WaitUntilFreeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (await HeldBackAsync() is { } reason)
        {
            Assert.Equal("REALM_BEING_ERASED", reason);
            await Task.Delay(100, patience.Token);
        }
    }

    /// <summary>The new realm is in every respect like the first one, and nothing of the first one is good in it.</summary>
    public async Task AttackAsync()
    {
        foreach (var channel in tokens)
        {
            await AttackAsync(channel);
        }

        foreach (var (endpoint, client, form, error) in Replays())
        {
            using var response = await SendAsync(endpoint, client, form);
            Assert.Equal((endpoint, HttpStatusCode.BadRequest), (endpoint, response.StatusCode));
            Assert.Equal(error, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("error").GetString());
        }

        Assert.Contains("name=\"username\"", (await _browser.GetAsync(AuthorizeAddress())).Body);
        var pushed = await _browser.GetAsync($"/realms/{Id}/oauth2/authorize?client_id=demo-web&request_uri={Uri.EscapeDataString(_pushed)}");
        Assert.Equal((HttpStatusCode.BadRequest, null), (pushed.Status, pushed.Location));
        Assert.Empty(_keyIds.Intersect(await KeyIdsAsync()));
        var consents = new ConsentService.ConsentServiceClient(consent);
        Assert.Empty((await consents.ListConsentsAsync(new() { RealmId = Id, UserId = "carol" }, @operator)).Consents);
        Assert.Empty((await new GrantService.GrantServiceClient(tokens[0]).ListGrantsAsync(new() { RealmId = Id, UserId = "carol" }, @operator)).Grants);
    }

    public void Dispose()
    {
        _http.Dispose();
        _browser.Dispose();
    }

    private TokenService.TokenServiceClient Issuing => new(tokens[0]);

    private async Task AttackAsync(GrpcChannel channel)
    {
        // A token of the new realm is active everywhere, so that what follows is not an outage.
        var issue = new IssueTokenRequest { RealmId = Id, ClientId = "demo-service", ClientSecret = Demo.ServiceSecret, ClientCredentials = new() };
        var fresh = (await new TokenService.TokenServiceClient(channel).IssueTokenAsync(issue)).AccessToken;
        Assert.True(await IsActiveAsync(channel, fresh));
        Assert.NotEqual(_machine.Split('.')[0], fresh.Split('.')[0]);
        foreach (var old in new[] { _access, _machine })
        {
            Assert.False(await IsActiveAsync(channel, old));
            var check = await new PermissionService.PermissionServiceClient(channel).CheckPermissionAsync(
                new() { RealmId = Id, AccessToken = old, Permission = "invoices.read" }, @operator);
            Assert.Equal((false, DecisionReason.TokenInactive), (check.Allowed, check.Reason));
        }
    }

    private IEnumerable<(string Endpoint, string? Client, (string Name, string Value)[] Form, string Error)> Replays() =>
    [
        ("token", "demo-web", [("grant_type", "refresh_token"), ("refresh_token", _refresh)], "invalid_grant"),
        (
            "token",
            "demo-web",
            [("grant_type", "authorization_code"), ("code", _code), ("redirect_uri", Callback), ("code_verifier", Verifier)],
            "invalid_grant"),
        (
            "token",
            null,
            [("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("device_code", _device), ("client_id", "demo-tv")],
            "invalid_grant"),
    ];

    private async Task<string> AuthorizeAsync()
    {
        var login = await _browser.GetAsync(AuthorizeAddress());
        var asked = await _browser.FollowAsync(
            await _browser.PostAsync($"/realms/{Id}/oauth2/authorize/login", ("request", login.Hidden("request")), ("username", "carol")));
        var decided = await new ConsentService.ConsentServiceClient(consent).SubmitDecisionAsync(
            new()
            {
                RealmId = Id,
                Challenge = new Uri(asked.Location!).AbsolutePath.Split('/')[^1],
                UserId = "carol",
                Accepted = true,
                GrantedScopes = { "invoices.read" },
                Remember = true,
            },
            @operator);
        return (await _browser.GetAsync(decided.RedirectTo)).Parameter("code")!;
    }

    private static string AuthorizeAddress() =>
        $"/realms/{Id}/oauth2/authorize?response_type=code&client_id=demo-web&redirect_uri={Uri.EscapeDataString(Callback)}"
        + $"&scope=invoices.read&state=xyz&code_challenge={Challenge}&code_challenge_method=S256";

    private async Task<bool> IsActiveAsync(GrpcChannel channel, string token) =>
        (await new TokenService.TokenServiceClient(channel).IntrospectTokenAsync(new() { RealmId = Id, Token = token }, @operator)).Active;

    private async Task<IReadOnlyList<string>> KeyIdsAsync() =>
    [
        .. JsonDocument.Parse(await _http.GetStringAsync(new Uri($"/realms/{Id}/oauth2/jwks", UriKind.Relative))).RootElement
            .GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("kid").GetString()!),
    ];

    private async Task<JsonElement> FormAsync(string endpoint, string? client, params (string Name, string Value)[] form)
    {
        using var response = await SendAsync(endpoint, client, form);
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{endpoint}: {body}");
        return JsonDocument.Parse(body).RootElement.Clone();
    }

    private async Task<HttpResponseMessage> SendAsync(string endpoint, string? client, (string Name, string Value)[] form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/realms/{Id}/oauth2/{endpoint}")
        {
            Content = new FormUrlEncodedContent(form.Select(pair => KeyValuePair.Create(pair.Name, pair.Value))),
        };
        if (client is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{client}:{WebSecret}")));
        }

        return await _http.SendAsync(request);
    }
}
