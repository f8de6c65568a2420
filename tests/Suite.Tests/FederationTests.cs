using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Grpc.Core;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.RealmAdmin.V1;
using Pltfrms.Iam.Token.V1;
using Testing;

namespace Suite.Tests;

/// <summary>The whole suite takes the word of npm's oidc-provider, and of another of its realms.</summary>
public sealed class FederationTests(SuiteFixture fixture) : IClassFixture<SuiteFixture>
{
    private const string Callback = "http://127.0.0.1:8765/callback";
    private const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    private const string Challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    private const string OtherSecret = "hq-service-secret-0123456789abcdefghij";

    private readonly SuiteProcess _suite = fixture.Suite;

    private TokenService.TokenServiceClient Tokens => new(_suite.Token);

    private RealmService.RealmServiceClient Realms => new(_suite.RealmAdmin);

    [NodeFact]
    public async Task A_providers_word_makes_a_user_with_the_role_that_it_asserts_until_the_realm_takes_it_back()
    {
        await using var provider = await OpenIdProvider.StartAsync(Callback, _suite.Issuer.OriginalString);
        await ImportAsync($"""
              - name: op
                issuer: {provider.Issuer}
                algorithms: [RS256]
                client_ids: [demo-service]
                scopes: [invoices.create, invoices.read]
                organization_ids: [acme]
                create_users: true
                asserts_roles: true
                max_assertion_lifetime: 1h
                rules:
                  - name: accounting
                    claims: [{"{"}claim: groups, values: [Accounting]{"}"}]
                    role_ids: [accountant]
            """);
        var assertion = await IdTokenAsync(provider, "nora");

        var issued = await Tokens.IssueTokenAsync(Present(assertion, "acme"));
        var known = await IntrospectAsync(issued.AccessToken, 0);
        var user = await new UserService.UserServiceClient(_suite.RealmAdmin).GetUserAsync(new() { RealmId = "demo", UserId = known.UserId }, _suite.Operator);
        var check = await Demo.CheckAsync(_suite, _suite.Operator, issued.AccessToken, "invoices.create", "acme", 0);

        Assert.Equal((provider.Issuer, "nora"), (user.User.ExternalIdentities[0].Issuer, user.User.ExternalIdentities[0].Subject));
        Assert.Equal(("op", "accountant", true), (known.Assertion.Name, Assert.Single(known.Assertion.RoleIds), known.Assertion.AssertsRoles));
        Assert.True(check.Allowed);
        Assert.Equal("INVALID_GRANT", await RefusalAsync(Present(assertion, "acme")));
        Assert.Equal("INVALID_GRANT", await RefusalAsync(Present(await IdTokenAsync(provider, "nora"), "globex")));
        var revision = await ImportAsync(null);
        Assert.False((await IntrospectAsync(issued.AccessToken, revision)).Active);
    }

    [Fact]
    public async Task A_realms_word_counts_in_another_until_either_takes_it_back()
    {
        await Realms.ImportRealmAsync(new() { RealmId = "hq", Document = Other() }, _suite.Operator);
        var trust = """
              - name: hq
                trusted_realm_id: hq
                client_ids: [demo-service]
                scopes: [invoices.read]
                subject: presenting_client
                subject_client_ids: [hq-service]
                rules: [{name: readers, claims: [{claim: scope, values: [demo.read]}]}]
            """;
        await ImportAsync(trust);
        var theirs = await TheirTokenAsync();

        var first = (await Tokens.IssueTokenAsync(Present(theirs))).AccessToken;
        Assert.Equal(("demo-service", "hq"), ((await IntrospectAsync(first, 0)).Subject, (await IntrospectAsync(first, 0)).Assertion.RealmId));
        Assert.True((await Demo.CheckAsync(_suite, _suite.Operator, first, "invoices.read", "acme", 0)).Allowed);
        Assert.False((await IntrospectAsync(theirs, 0)).Active);

        await Tokens.RevokeTokenAsync(new() { RealmId = "hq", Token = theirs }, _suite.Operator);
        Assert.False((await IntrospectAsync(first, 0)).Active);

        var second = (await Tokens.IssueTokenAsync(Present(await TheirTokenAsync()))).AccessToken;
        Assert.False((await IntrospectAsync(second, await ImportAsync(null))).Active);
        Assert.Equal("UNSUPPORTED_GRANT_TYPE", await RefusalAsync(Present(await TheirTokenAsync())));

        await ImportAsync(trust);
        var third = (await Tokens.IssueTokenAsync(Present(await TheirTokenAsync()))).AccessToken;
        await Realms.UpdateRealmAsync(new() { Realm = new() { RealmId = "hq", Disabled = true }, UpdateMask = new() { Paths = { "disabled" } } }, _suite.Operator);
        await Realms.DeleteRealmAsync(new() { RealmId = "hq" }, _suite.Operator);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await IntrospectAsync(third, 0)).Active)
        {
            await Task.Delay(20, deadline.Token);
        }
    }

    private string Other() => $"""
        realm_id: hq
        clients:
          - client_id: hq-service
            client_type: service
            grant_types: [client_credentials]
            scopes: [demo.read]
            secrets: [{"{"}secret_id: s, secret: {OtherSecret}{"}"}]
        resource_servers:
          - audience: {_suite.Issuer}
            permissions: [{"{"}permission: demo.read{"}"}]
        """;

    /// <summary>The demo realm with these issuers, and a backend that may present what they say; returns the revision.</summary>
    private Task<long> ImportAsync(string? issuers) => Demo.ImportEverywhereAsync(_suite, document => document
        .Replace(
            "grant_types: [client_credentials, \"urn:ietf:params:oauth:grant-type:token-exchange\"]\n    scopes: [invoices.read, invoices.create]",
            "grant_types: [client_credentials, \"urn:ietf:params:oauth:grant-type:token-exchange\", \"urn:ietf:params:oauth:grant-type:jwt-bearer\"]\n    scopes: [invoices.read, invoices.create]",
            StringComparison.Ordinal)
        .Replace("sources: [bindings]", "sources: [bindings, login_claims]", StringComparison.Ordinal)
        + (issuers is null ? "" : $"\nassertion_issuers:\n{issuers}\n"));

    private async Task<string> TheirTokenAsync() => (await Tokens.IssueTokenAsync(new()
    {
        RealmId = "hq",
        ClientId = "hq-service",
        ClientSecret = OtherSecret,
        ClientCredentials = new() { Audience = _suite.Issuer.OriginalString },
    })).AccessToken;

    private static IssueTokenRequest Present(string assertion, string organizationId = "acme") => new()
    {
        RealmId = "demo",
        ClientId = "demo-service",
        ClientSecret = Demo.ServiceSecret,
        JwtBearer = new() { Assertion = assertion, OrganizationId = organizationId },
    };

    private async Task<IntrospectTokenResponse> IntrospectAsync(string token, long revision) =>
        await Tokens.IntrospectTokenAsync(new() { RealmId = "demo", Token = token, MinRevision = revision }, _suite.Operator);

    private async Task<string?> RefusalAsync(IssueTokenRequest request) =>
        RichStatus.ReasonOf(await Assert.ThrowsAsync<RpcException>(async () => await Tokens.IssueTokenAsync(request)));

    /// <summary>What the provider says of somebody who has logged in there, to the client that is the realm.</summary>
    private async Task<string> IdTokenAsync(OpenIdProvider provider, string loginHint)
    {
        using var browser = new TestBrowser(new Uri(provider.Issuer));
        var address = $"{provider.Issuer}/auth?response_type=code&client_id={Uri.EscapeDataString(_suite.Issuer.OriginalString)}"
            + $"&redirect_uri={Uri.EscapeDataString(Callback)}&scope=openid%20profile&code_challenge={Challenge}&code_challenge_method=S256&login_hint={loginHint}";
        var code = System.Web.HttpUtility.ParseQueryString(new Uri(await provider.LogInAsync(browser, address)).Query)["code"]!;
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{provider.Issuer}/token")
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["grant_type"] = "authorization_code",
                ["code"] = code,
                ["redirect_uri"] = Callback,
                ["code_verifier"] = Verifier,
            }),
        };
        var pair = $"{Uri.EscapeDataString(_suite.Issuer.OriginalString)}:{Uri.EscapeDataString(OpenIdProvider.ClientSecret)}";
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes(pair)));
        using var response = await http.SendAsync(request);
        var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        return body.TryGetProperty("id_token", out var token) ? token.GetString()! : throw new InvalidOperationException(body.GetRawText());
    }
}
