using System.Net;
using System.Text.Json;
using Pltfrms.Iam.Token.V1;
using Testing;
using Consents = Pltfrms.Iam.Consent.V1;

namespace Suite.Tests;

/// <summary>Authorization details (RFC 9396) from the request to the check, at a running suite.</summary>
public sealed class AuthorizationDetailsTests(SuiteFixture fixture) : IClassFixture<SuiteFixture>, IAsyncLifetime
{
    private const string Callback = "http://127.0.0.1:8765/callback";
    private const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    private const string Challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    private const string Asked = """[{"type":"invoice","identifier":"inv-42","actions":["read","approve"]},{"type":"invoice","identifier":"inv-43","actions":["read"]}]""";

    private const string Types = """
        authorization_details_types:
          - type: invoice
            audience: https://api.demo.example
            schema: |-
              {"type": "object", "properties": {"identifier": {"type": "string"}, "actions": {"type": "array", "items": {"type": "string"}}}, "required": ["identifier", "actions"]}
            actions:
              - {action: read, permission: invoices.read}
              - {action: approve, permission: invoices.approve}
            texts:
              en: {title: One invoice, description: Work with this invoice only.}

        """;

    private readonly SuiteProcess _suite = fixture.Suite;

    private PermissionService.PermissionServiceClient Permissions => new(_suite.Token);

    public Task InitializeAsync() => Demo.ImportEverywhereAsync(_suite, document => Types + document
        .Replace("    scopes: [invoices.*, payments.refund]\n", "    grant_types: [client_credentials]\n    authorization_details_types: [invoice]\n", StringComparison.Ordinal)
        .Replace("  - client_id: demo-web\n", "  - client_id: demo-web\n    authorization_details_types: [invoice]\n", StringComparison.Ordinal)
        .Replace("  - client_id: demo-service\n    display", "  - client_id: demo-service\n    authorization_details_types: [invoice]\n    display", StringComparison.Ordinal));

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_user_sees_each_object_grants_one_and_the_token_is_good_for_that_resource_alone()
    {
        using var browser = new TestBrowser(new Uri($"http://127.0.0.1:{_suite.Ports.TokenHttp}"));
        var consent = await LogInAsync(browser, "carol", Asked);
        using var consentBrowser = new TestBrowser(new Uri($"http://127.0.0.1:{_suite.Ports.ConsentHttp}"));
        var page = await consentBrowser.SendAsync(new(HttpMethod.Get, new Uri(consent.Location!).PathAndQuery) { Headers = { { "Accept", "text/html" } } });

        foreach (var shown in new[] { "One invoice", "Work with this invoice only.", "inv-42", "read, approve", "inv-43", "Demo API" })
        {
            Assert.Contains(shown, page.Body);
        }

        var decided = await consentBrowser.PostAsync(
            new Uri(consent.Location!).AbsolutePath + "/decision",
            ("proof", page.Hidden("proof")), ("language", page.Hidden("language")), ("detail", "0"), ("decision", "accept"));
        var code = (await browser.GetAsync(decided.Location!)).Parameter("code")!;
        var tokens = await TokenAsync(("grant_type", "authorization_code"), ("code", code), ("redirect_uri", Callback), ("code_verifier", Verifier));

        Assert.Equal("", tokens.GetProperty("scope").GetString());
        Assert.Equal("""[{"type":"invoice","identifier":"inv-42","actions":["read","approve"]}]""", tokens.GetProperty("authorization_details").GetRawText());
        var token = tokens.GetProperty("access_token").GetString()!;
        var introspected = await new TokenService.TokenServiceClient(_suite.Token).IntrospectTokenAsync(new() { RealmId = "demo", Token = token }, _suite.Operator);
        Assert.Equal("""[{"type":"invoice","identifier":"inv-42","actions":["read","approve"]}]""", introspected.AuthorizationDetails);
        Assert.Equal(["https://api.demo.example"], introspected.Audiences);

        Assert.Equal(DecisionReason.Allowed, await CheckAsync(token, "invoices.approve", "invoice", "inv-42"));
        Assert.Equal(DecisionReason.ResourceNotGranted, await CheckAsync(token, "invoices.read", "invoice", "inv-43"));
        Assert.Equal(DecisionReason.ResourceNotGranted, await CheckAsync(token, "invoices.create", "invoice", "inv-42"));
        Assert.Equal(DecisionReason.ResourceNotGranted, await CheckAsync(token, "invoices.read", "account", "inv-42"));
        Assert.Equal(DecisionReason.ResourceNotGranted, await CheckAsync(token, "invoices.read", null, null));
    }

    [Fact]
    public async Task A_refreshed_token_has_what_was_granted_or_less_and_never_more()
    {
        using var browser = new TestBrowser(new Uri($"http://127.0.0.1:{_suite.Ports.TokenHttp}"));
        var code = await GrantAsync(browser, await LogInAsync(browser, "carol", Asked), "carol", "0", "1");
        var tokens = await TokenAsync(("grant_type", "authorization_code"), ("code", code), ("redirect_uri", Callback), ("code_verifier", Verifier));

        var narrow = """[{"type":"invoice","identifier":"inv-42","actions":["read"]}]""";
        var narrowed = await TokenAsync(("grant_type", "refresh_token"), ("refresh_token", Refresh(tokens)), ("authorization_details", narrow));
        Assert.Equal(narrow, narrowed.GetProperty("authorization_details").GetRawText());
        Assert.Equal(DecisionReason.ResourceNotGranted, await CheckAsync(narrowed.GetProperty("access_token").GetString()!, "invoices.approve", "invoice", "inv-42"));

        var whole = await TokenAsync(("grant_type", "refresh_token"), ("refresh_token", Refresh(narrowed)));
        Assert.Equal(Asked, whole.GetProperty("authorization_details").GetRawText());
        var more = await PostAsync(
            ("grant_type", "refresh_token"), ("refresh_token", Refresh(whole)), ("authorization_details", """[{"type":"invoice","identifier":"inv-44","actions":["read"]}]"""));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_authorization_details"), (more.Status, more.Body.GetProperty("error").GetString()));
    }

    [Fact]
    public async Task Who_denies_every_object_and_every_scope_denies_the_request()
    {
        using var browser = new TestBrowser(new Uri($"http://127.0.0.1:{_suite.Ports.TokenHttp}"));
        var consent = await LogInAsync(browser, "carol", Asked);

        var answered = await browser.GetAsync(await DecideAsync(consent, "carol"));

        Assert.Equal("access_denied", answered.Parameter("error"));
    }

    [Fact]
    public async Task What_the_subject_may_not_do_no_details_allow()
    {
        // Bob is a viewer in globex, and nothing in the realm.
        using var browser = new TestBrowser(new Uri($"http://127.0.0.1:{_suite.Ports.TokenHttp}"));
        var code = await GrantAsync(browser, await LogInAsync(browser, "bob", Asked), "bob", "0", "1");
        var tokens = await TokenAsync(("grant_type", "authorization_code"), ("code", code), ("redirect_uri", Callback), ("code_verifier", Verifier));

        Assert.Equal(DecisionReason.PermissionNotAssigned, await CheckAsync(tokens.GetProperty("access_token").GetString()!, "invoices.approve", "invoice", "inv-42"));
    }

    [Theory]
    [InlineData("""{"type":"invoice"}""")]
    [InlineData("""[{"type":"payment","identifier":"x","actions":["read"]}]""")]
    [InlineData("""[{"type":"invoice","actions":["read"]}]""")]
    [InlineData("""[{"type":"invoice","identifier":"x","actions":["delete"]}]""")]
    [InlineData("""[{"type":"invoice","identifier":"x","actions":["read"],"more":1}]""")]
    [InlineData("""[{"type":"invoice","identifier":"x","identifier":"y","actions":["read"]}]""")]
    public async Task What_is_not_known_valid_and_the_client_s_is_refused_at_the_token_and_authorization_endpoints(string details)
    {
        var (status, body) = await PostAsync(
            [("grant_type", "client_credentials"), ("authorization_details", details)], "demo-service", Demo.ServiceSecret);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_authorization_details"), (status, body.GetProperty("error").GetString()));

        using var browser = new TestBrowser(new Uri($"http://127.0.0.1:{_suite.Ports.TokenHttp}"));
        Assert.Equal("invalid_authorization_details", (await browser.GetAsync(AuthorizeAddress(details))).Parameter("error"));
    }

    [Fact]
    public async Task A_client_asks_for_itself_and_one_that_is_not_registered_for_the_type_gets_nothing()
    {
        const string one = """[{"type":"invoice","identifier":"inv-1","actions":["read"]}]""";
        var (_, own) = await PostAsync([("grant_type", "client_credentials"), ("authorization_details", one), ("organization", "acme")], "demo-service", Demo.ServiceSecret);
        Assert.Equal(one, own.GetProperty("authorization_details").GetRawText());
        Assert.Equal(DecisionReason.Allowed, await CheckAsync(own.GetProperty("access_token").GetString()!, "invoices.read", "invoice", "inv-1"));
        Assert.Equal(DecisionReason.ResourceNotGranted, await CheckAsync(own.GetProperty("access_token").GetString()!, "invoices.read", "invoice", "inv-2"));

        var (status, _) = await PostAsync([("grant_type", "client_credentials"), ("authorization_details", one)], "demo-api", Demo.ApiSecret);
        Assert.Equal(HttpStatusCode.BadRequest, status);
    }

    [Fact]
    public async Task A_client_that_registers_itself_asks_for_the_types_that_it_registered_for()
    {
        const string one = """[{"type":"invoice","identifier":"inv-1","actions":["read"]}]""";
        var registered = await RegisterAsync(""","authorization_details_types":["invoice"]""");
        var other = await RegisterAsync("");

        Assert.Equal("""["invoice"]""", registered.GetProperty("authorization_details_types").GetRawText());
        var (_, granted) = await PostAsync(
            [("grant_type", "client_credentials"), ("authorization_details", one)],
            registered.GetProperty("client_id").GetString()!, registered.GetProperty("client_secret").GetString()!);
        Assert.True(granted.TryGetProperty("authorization_details", out var details), granted.GetRawText());
        Assert.Equal(one, details.GetRawText());
        // Asking is not being allowed: nobody gave it a role.
        Assert.Equal(DecisionReason.PermissionNotAssigned, await CheckAsync(granted.GetProperty("access_token").GetString()!, "invoices.read", "invoice", "inv-1"));
        Assert.False(other.TryGetProperty("authorization_details_types", out _));
        var (status, refused) = await PostAsync(
            [("grant_type", "client_credentials"), ("authorization_details", one)],
            other.GetProperty("client_id").GetString()!, other.GetProperty("client_secret").GetString()!);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_authorization_details"), (status, refused.GetProperty("error").GetString()));
    }

    private async Task<JsonElement> RegisterAsync(string more)
    {
        using var http = new HttpClient();
        using var body = new StringContent($$"""{"grant_types":["client_credentials"],"token_endpoint_auth_method":"client_secret_post"{{more}}}""", new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
        var answer = await http.PostAsync(new Uri($"http://127.0.0.1:{_suite.Ports.TokenHttp}/realms/demo/oauth2/register"), body);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
    }

    private async Task<DecisionReason> CheckAsync(string token, string permission, string? type, string? identifier)
    {
        var request = new CheckPermissionRequest { RealmId = "demo", AccessToken = token, Permission = permission };
        if (type is not null)
        {
            request.Resource = new ResourceReference { Type = type, Identifier = identifier };
        }

        return (await Permissions.CheckPermissionAsync(request, _suite.Operator)).Reason;
    }

    private static string AuthorizeAddress(string details) =>
        $"/realms/demo/oauth2/authorize?response_type=code&client_id=demo-web&redirect_uri={Uri.EscapeDataString(Callback)}&state=xyz"
        + $"&authorization_details={Uri.EscapeDataString(details)}&code_challenge={Challenge}&code_challenge_method=S256";

    private static async Task<TestBrowser.Page> LogInAsync(TestBrowser browser, string userName, string details)
    {
        var login = await browser.GetAsync(AuthorizeAddress(details));
        Assert.Equal(HttpStatusCode.OK, login.Status);
        return await browser.FollowAsync(
            await browser.PostAsync("/realms/demo/oauth2/authorize/login", ("request", login.Hidden("request")), ("username", userName)));
    }

    private async Task<string> GrantAsync(TestBrowser browser, TestBrowser.Page consent, string userId, params string[] detailIds) =>
        (await browser.GetAsync(await DecideAsync(consent, userId, detailIds))).Parameter("code")!;

    private async Task<string> DecideAsync(TestBrowser.Page consent, string userId, params string[] detailIds)
    {
        var decision = new Consents.SubmitDecisionRequest
        {
            RealmId = "demo",
            Challenge = new Uri(consent.Location!).AbsolutePath.Split('/')[^1],
            UserId = userId,
            Accepted = true,
            GrantedDetailIds = { detailIds },
        };
        return (await new Consents.ConsentService.ConsentServiceClient(_suite.Consent).SubmitDecisionAsync(decision, _suite.Operator)).RedirectTo;
    }

    private static string Refresh(JsonElement tokens) => tokens.GetProperty("refresh_token").GetString()!;

    private async Task<JsonElement> TokenAsync(params (string Name, string Value)[] form)
    {
        var (status, body) = await PostAsync(form);
        Assert.True(status == HttpStatusCode.OK, body.ToString());
        return body;
    }

    private Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(params (string Name, string Value)[] form) =>
        PostAsync(form, "demo-web", "demo-web-secret-0123456789abcdefgh");

    private async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync((string Name, string Value)[] form, string clientId, string secret)
    {
        using var http = new HttpClient();
        using var response = await http.PostAsync(
            new Uri($"{_suite.Issuer}/oauth2/token"),
            new FormUrlEncodedContent(form.Append(("client_id", clientId)).Append(("client_secret", secret)).Select(pair => KeyValuePair.Create(pair.Item1, pair.Item2))));
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.Clone());
    }
}
