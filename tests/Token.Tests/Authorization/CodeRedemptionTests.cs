using System.Net;
using Token.Tests.Hosting;
using Token.Tests.OAuth;
using Wire = Pltfrms.Iam.Token.V1;

namespace Token.Tests.Authorization;

/// <summary>Who tries to redeem what is not theirs.</summary>
public sealed class CodeRedemptionTests(FlowFixture fixture) : IClassFixture<FlowFixture>
{
    private const string Path = "/realms/demo/oauth2/token";

    private FlowBench Bench => fixture.Bench;

    public static TheoryData<string, string?> Changes => new()
    {
        { "code_verifier", null },
        { "code_verifier", "" },
        { "code_verifier", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXl" },
        { "code_verifier", "short" },
        { "code_verifier", FlowBench.Challenge },
        { "redirect_uri", null },
        { "redirect_uri", "http://127.0.0.1:8766/callback" },
        { "redirect_uri", "https://app.example/cb?tenant=1" },
        { "code", "guessed" },
        { "organization", "globex" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_code_is_bound_to_verifier_redirect_uri_and_organization_and_a_failure_does_not_burn_it(string name, string? value)
    {
        var code = await Bench.CodeAsync();
        List<(string Name, string Value)> form =
        [
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", FlowBench.Callback), ("code_verifier", FlowBench.Verifier),
        ];
        form.RemoveAll(pair => pair.Name == name);
        if (value is not null)
        {
            form.Add((name, value));
        }

        using var refused = await Bench.One.PostAsync(Path, TokenReplica.Basic("demo-web", TestRealm.WebSecret), [.. form]);
        await TokenEndpointTests.AssertRefusedAsync(refused, 400, "invalid_grant");
        using var right = await FlowBench.RedeemAsync(Bench.One, code);

        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
    }

    [Fact]
    public async Task A_code_of_another_client_or_realm_is_unknown()
    {
        var code = await Bench.CodeAsync();
        (string, string)[] form =
        [
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", FlowBench.Callback), ("code_verifier", FlowBench.Verifier),
        ];

        using var otherClient = await Bench.One.PostAsync(Path, TokenReplica.Basic("other-web", TestRealm.ServiceSecret), form);
        using var publicClient = await Bench.One.PostAsync(Path, null, [.. form, ("client_id", "demo-spa")]);
        using var otherRealm = await Bench.One.PostAsync("/realms/other/oauth2/token", TokenReplica.Basic("demo-web", TestRealm.WebSecret), form);

        await TokenEndpointTests.AssertRefusedAsync(otherClient, 400, "invalid_grant");
        await TokenEndpointTests.AssertRefusedAsync(publicClient, 400, "invalid_grant");
        await TokenEndpointTests.AssertRefusedAsync(otherRealm, 400, "invalid_grant");
    }

    [Fact]
    public async Task A_confidential_client_must_authenticate_and_a_public_one_must_not_pretend_to()
    {
        var code = await Bench.CodeAsync();
        (string, string)[] form =
        [
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", FlowBench.Callback), ("code_verifier", FlowBench.Verifier),
        ];

        using var unauthenticated = await Bench.One.PostAsync(Path, null, [.. form, ("client_id", "demo-web")]);
        using var wrong = await Bench.One.PostAsync(Path, TokenReplica.Basic("demo-web", "wrong"), form);
        using var pretending = await Bench.One.PostAsync(Path, null, [.. form, ("client_id", "demo-spa"), ("client_secret", "x")]);

        await TokenEndpointTests.AssertRefusedAsync(unauthenticated, 401, "invalid_client");
        await TokenEndpointTests.AssertRefusedAsync(wrong, 401, "invalid_client");
        await TokenEndpointTests.AssertRefusedAsync(pretending, 401, "invalid_client");
    }

    [Fact]
    public async Task A_public_client_redeems_with_its_verifier_alone_and_gets_no_refresh_token_that_it_is_not_registered_for()
    {
        var code = await Bench.CodeAsync(FlowBench.Parameters("demo-spa"));

        using var response = await Bench.One.PostAsync(
            Path,
            null,
            ("grant_type", "authorization_code"), ("client_id", "demo-spa"), ("code", code), ("redirect_uri", FlowBench.Callback), ("code_verifier", FlowBench.Verifier));
        var tokens = await TokenReplica.JsonAsync(response);

        Assert.Equal(["access_token", "token_type", "expires_in", "scope"], tokens.EnumerateObject().Select(p => p.Name));
        using var revoked = await Bench.One.PostAsync(
            "/realms/demo/oauth2/revoke", null, ("client_id", "demo-spa"), ("token", tokens.GetProperty("access_token").GetString()!));
        Assert.Equal(HttpStatusCode.OK, revoked.StatusCode);
        Assert.Equal("""{"active":false}""", await Bench.One.IntrospectAsync("demo", tokens.GetProperty("access_token").GetString()!));
        using var introspected = await Bench.One.PostAsync("/realms/demo/oauth2/introspect", null, ("client_id", "demo-spa"), ("token", "x"));
        await TokenEndpointTests.AssertRefusedAsync(introspected, 401, "invalid_client");
    }

    [Fact]
    public async Task A_refresh_token_is_bound_to_its_client()
    {
        var tokens = await Bench.TokensAsync();
        var refreshToken = tokens.GetProperty("refresh_token").GetString()!;

        using var foreign = await Bench.One.PostAsync(
            Path, TokenReplica.Basic("other-web", TestRealm.ServiceSecret), ("grant_type", "refresh_token"), ("refresh_token", refreshToken));
        await TokenEndpointTests.AssertRefusedAsync(foreign, 400, "invalid_grant");
        using var own = await FlowBench.RefreshAsync(Bench.One, refreshToken);

        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
    }

    [Fact]
    public async Task The_same_grants_run_over_grpc()
    {
        var issued = await Bench.One.Tokens.IssueTokenAsync(new Wire.IssueTokenRequest
        {
            RealmId = "demo",
            ClientId = "demo-web",
            ClientSecret = TestRealm.WebSecret,
            AuthorizationCode = new() { Code = await Bench.CodeAsync(), RedirectUri = FlowBench.Callback, CodeVerifier = FlowBench.Verifier },
        });
        var refreshed = await Bench.Two.Tokens.IssueTokenAsync(new Wire.IssueTokenRequest
        {
            RealmId = "demo",
            ClientId = "demo-web",
            ClientSecret = TestRealm.WebSecret,
            RefreshToken = new() { RefreshToken = issued.RefreshToken },
        });

        Assert.Equal(issued.GrantId, refreshed.GrantId);
        Assert.NotEqual(issued.RefreshToken, refreshed.RefreshToken);
        var introspected = await Bench.One.Tokens.IntrospectTokenAsync(new() { RealmId = "demo", Token = refreshed.AccessToken }, TokenReplica.Operator);
        Assert.Equal((true, "carol", issued.GrantId), (introspected.Active, introspected.UserId, introspected.GrantId));
    }
}
