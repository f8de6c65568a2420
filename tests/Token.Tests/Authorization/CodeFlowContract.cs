using System.Net;
using System.Text.Json;
using Pltfrms.Iam.Common.Realms.Model;
using Testing.Databases;
using Token.Tests.Hosting;
using Token.Tests.OAuth;

namespace Token.Tests.Authorization;

/// <summary>Codes and refresh tokens, on either engine and through two replicas.</summary>
public abstract class CodeFlowContract(TestDatabase database) : IAsyncLifetime
{
    private const int Crowd = 64;
    private const string Inactive = """{"active":false}""";

    private FlowBench _bench = null!;

    public async Task InitializeAsync()
    {
        if (PostgresInstallation.SkipReason is null || database is SqliteTestDatabase)
        {
            _bench = await FlowBench.StartAsync(database);
        }
    }

    public async Task DisposeAsync()
    {
        if (_bench is not null)
        {
            await _bench.DisposeAsync();
        }
    }

    [StorageFact]
    public async Task A_user_logs_in_consents_and_the_client_acts_for_them()
    {
        using var browser = _bench.Browser();
        var parameters = FlowBench.Parameters();
        parameters["organization"] = "acme";
        parameters["scope"] = "invoices.read invoices.create";

        var page = await _bench.ConsentAsync(browser, await _bench.LogInAsync(browser, parameters, "alice"));
        Assert.Equal(HttpStatusCode.Found, page.Status);
        Assert.Equal("s t&a=t/e\u00e4", page.Parameter("state"));
        Assert.Equal(FlowBench.Issuer, page.Parameter("iss"));
        using var response = await FlowBench.RedeemAsync(_bench.Two, page.Parameter("code")!);
        var tokens = await TokenReplica.JsonAsync(response);

        Assert.Equal(["access_token", "token_type", "expires_in", "scope", "refresh_token"], tokens.EnumerateObject().Select(p => p.Name));
        Assert.Equal("invoices.read invoices.create", tokens.GetProperty("scope").GetString());
        var claims = FlowBench.Claims(tokens);
        Assert.Equal(
            ("alice", "user", "demo-web", "acme", "low", _bench.Clock.GetUtcNow().ToUnixTimeSeconds()),
            (claims.GetProperty("sub").GetString(), claims.GetProperty("sub_type").GetString(), claims.GetProperty("client_id").GetString(),
                claims.GetProperty("organization_id").GetString(), claims.GetProperty("acr").GetString(), claims.GetProperty("auth_time").GetInt64()));
        var listed = await _bench.One.Grants.ListGrantsAsync(new() { RealmId = "demo", UserId = "alice" }, TokenReplica.Operator);
        var grant = Assert.Single(listed.Grants, g => g.GrantId == claims.GetProperty("grant_id").GetString());
        Assert.Equal(("demo-web", "acme"), (grant.ClientId, grant.OrganizationId));
        Assert.Equal(["invoices.read", "invoices.create"], grant.Scopes);
        var check = await _bench.One.Permissions.CheckPermissionAsync(
            new() { RealmId = "demo", AccessToken = Access(tokens), Permission = "invoices.create", OrganizationId = "acme" }, TokenReplica.Operator);
        Assert.True(check.Allowed);
    }

    [StorageFact]
    public async Task Of_64_that_redeem_a_code_at_once_one_succeeds_and_what_it_got_is_revoked()
    {
        var code = await _bench.CodeAsync();

        var answers = await TogetherAsync(i => FlowBench.RedeemAsync(Replica(i), code));

        var winner = Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.All(
            answers.Where(answer => answer != winner),
            answer => Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), (answer.Status, answer.Json.GetProperty("error").GetString())));
        Assert.Equal(Inactive, await LaterAsync(winner.Json));
        using var refresh = await FlowBench.RefreshAsync(_bench.One, Refresh(winner.Json));
        await TokenEndpointTests.AssertRefusedAsync(refresh, 400, "invalid_grant");
    }

    [StorageFact]
    public async Task Of_64_that_refresh_at_once_all_get_the_same_answer_and_nobody_is_locked_out()
    {
        var tokens = await _bench.TokensAsync();

        var answers = await TogetherAsync(i => FlowBench.RefreshAsync(Replica(i), Refresh(tokens)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        var one = Assert.Single(answers.Select(answer => answer.Json.GetRawText()).Distinct());
        Assert.NotEqual(Refresh(tokens), Refresh(answers[0].Json));
        Assert.NotEqual(Inactive, await _bench.Two.IntrospectAsync("demo", Access(answers[0].Json)));
        using var next = await FlowBench.RefreshAsync(_bench.Two, Refresh(answers[0].Json));
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
        Assert.DoesNotContain(Refresh(await TokenReplica.JsonAsync(next)), one);
    }

    [StorageFact]
    public async Task A_used_refresh_token_ends_the_family_and_every_token_of_the_grant()
    {
        var tokens = await _bench.TokensAsync();
        var next = await RefreshedAsync(Refresh(tokens));
        _bench.Clock.Advance(TimeSpan.FromSeconds(11));

        using var stolen = await FlowBench.RefreshAsync(_bench.Two, Refresh(tokens));

        await TokenEndpointTests.AssertRefusedAsync(stolen, 400, "invalid_grant");
        Assert.Equal(Inactive, await _bench.Two.IntrospectAsync("demo", Access(next)));
        Assert.Equal(Inactive, await _bench.Two.IntrospectAsync("demo", Access(tokens)));
        using var victim = await FlowBench.RefreshAsync(_bench.One, Refresh(next));
        await TokenEndpointTests.AssertRefusedAsync(victim, 400, "invalid_grant");
    }

    [StorageFact]
    public async Task A_used_refresh_token_for_something_else_ends_the_family_at_once()
    {
        var tokens = await _bench.TokensAsync(Wide());
        var next = await RefreshedAsync(Refresh(tokens));

        using var other = await FlowBench.RefreshAsync(_bench.One, Refresh(tokens), ("scope", "invoices.read"));

        await TokenEndpointTests.AssertRefusedAsync(other, 400, "invalid_grant");
        using var victim = await FlowBench.RefreshAsync(_bench.One, Refresh(next));
        await TokenEndpointTests.AssertRefusedAsync(victim, 400, "invalid_grant");
    }

    [StorageFact]
    public async Task A_lost_answer_is_given_again_to_the_same_request_only_while_the_grant_lives()
    {
        var tokens = await _bench.TokensAsync(Wide());
        var first = await RefreshedAsync(Refresh(tokens), ("scope", "invoices.create invoices.read"));
        _bench.Clock.Advance(TimeSpan.FromSeconds(9));

        var again = await RefreshedAsync(Refresh(tokens), ("scope", "invoices.read invoices.create"));
        await _bench.One.Grants.RevokeGrantsAsync(
            new() { RealmId = "demo", GrantId = FlowBench.Claims(tokens).GetProperty("grant_id").GetString()! }, TokenReplica.Operator);
        using var revoked = await FlowBench.RefreshAsync(_bench.One, Refresh(tokens), ("scope", "invoices.read invoices.create"));

        Assert.Equal(first.GetRawText(), again.GetRawText());
        await TokenEndpointTests.AssertRefusedAsync(revoked, 400, "invalid_grant");
    }

    [StorageFact]
    public async Task Scopes_narrow_and_never_widen()
    {
        var tokens = await _bench.TokensAsync(Wide());

        var narrow = await RefreshedAsync(Refresh(tokens), ("scope", "invoices.read"));
        var wide = await RefreshedAsync(Refresh(narrow));
        using var wider = await FlowBench.RefreshAsync(_bench.One, Refresh(wide), ("scope", "invoices.read files.read"));

        Assert.Equal("invoices.read", narrow.GetProperty("scope").GetString());
        Assert.Equal("invoices.read invoices.create", wide.GetProperty("scope").GetString());
        await TokenEndpointTests.AssertRefusedAsync(wider, 400, "invalid_scope");
        Assert.Equal(HttpStatusCode.OK, (await FlowBench.RefreshAsync(_bench.One, Refresh(wide))).StatusCode);
    }

    [StorageFact]
    public async Task A_refresh_token_ends_when_it_is_not_used_and_a_family_at_last()
    {
        var unused = await _bench.TokensAsync();
        var used = await _bench.TokensAsync();
        for (var day = 0; day < 84; day += 12)
        {
            _bench.Clock.Advance(TimeSpan.FromDays(12));
            used = await RefreshedAsync(Refresh(used));
        }

        _bench.Clock.Advance(TimeSpan.FromDays(7));
        using var last = await FlowBench.RefreshAsync(_bench.One, Refresh(used));
        using var idle = await FlowBench.RefreshAsync(_bench.One, Refresh(unused));

        await TokenEndpointTests.AssertRefusedAsync(last, 400, "invalid_grant");
        await TokenEndpointTests.AssertRefusedAsync(idle, 400, "invalid_grant");
    }

    [StorageFact]
    public async Task A_second_use_of_a_code_revokes_what_the_first_produced()
    {
        var code = await _bench.CodeAsync();
        using var first = await FlowBench.RedeemAsync(_bench.One, code);
        var tokens = await TokenReplica.JsonAsync(first);
        Assert.NotEqual(Inactive, await _bench.Two.IntrospectAsync("demo", Access(tokens)));

        using var foreign = await _bench.One.PostAsync(
            "/realms/demo/oauth2/token",
            TokenReplica.Basic("other-web", TestRealm.ServiceSecret),
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", FlowBench.Callback), ("code_verifier", FlowBench.Verifier));
        await TokenEndpointTests.AssertRefusedAsync(foreign, 400, "invalid_grant");
        Assert.NotEqual(Inactive, await _bench.Two.IntrospectAsync("demo", Access(tokens)));
        using var second = await FlowBench.RedeemAsync(_bench.Two, code);

        await TokenEndpointTests.AssertRefusedAsync(second, 400, "invalid_grant");
        Assert.Equal(Inactive, await _bench.Two.IntrospectAsync("demo", Access(tokens)));
        using var refresh = await FlowBench.RefreshAsync(_bench.One, Refresh(tokens));
        await TokenEndpointTests.AssertRefusedAsync(refresh, 400, "invalid_grant");
    }

    [StorageFact]
    public async Task A_code_is_good_for_60_seconds()
    {
        var (early, late) = (await _bench.CodeAsync(), await _bench.CodeAsync());

        _bench.Clock.Advance(TimeSpan.FromSeconds(59));
        using var inTime = await FlowBench.RedeemAsync(_bench.One, early);
        _bench.Clock.Advance(TimeSpan.FromSeconds(1));
        using var tooLate = await FlowBench.RedeemAsync(_bench.One, late);

        Assert.Equal(HttpStatusCode.OK, inTime.StatusCode);
        await TokenEndpointTests.AssertRefusedAsync(tooLate, 400, "invalid_grant");
    }

    [StorageFact]
    public async Task A_user_who_is_disabled_gets_no_tokens_any_more()
    {
        var (code, tokens) = (await _bench.CodeAsync(), await _bench.TokensAsync());
        var revision = _bench.Realms.Change("demo", new User { RealmId = "demo", UserId = "carol", Disabled = true });
        await _bench.One.ReachAsync("demo", revision);

        using var redeemed = await FlowBench.RedeemAsync(_bench.One, code);
        using var refreshed = await FlowBench.RefreshAsync(_bench.One, Refresh(tokens));

        await TokenEndpointTests.AssertRefusedAsync(redeemed, 400, "invalid_grant");
        await TokenEndpointTests.AssertRefusedAsync(refreshed, 400, "invalid_grant");
    }

    private static Dictionary<string, string> Wide()
    {
        var parameters = FlowBench.Parameters();
        parameters["scope"] = "invoices.read invoices.create";
        return parameters;
    }

    private TokenReplica Replica(int i) => i % 2 == 0 ? _bench.One : _bench.Two;

    private async Task<JsonElement> RefreshedAsync(string refreshToken, params (string Name, string Value)[] more)
    {
        using var response = await FlowBench.RefreshAsync(_bench.Two, refreshToken, more);
        var json = await TokenReplica.JsonAsync(response);
        Assert.True(response.IsSuccessStatusCode, json.GetRawText());
        return json;
    }

    private static async Task<IReadOnlyList<Answer>> TogetherAsync(Func<int, Task<HttpResponseMessage>> send)
    {
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var sending = Enumerable.Range(0, Crowd).Select(async i =>
        {
            await start.Task;
            using var response = await send(i);
            return new Answer(response.StatusCode, await TokenReplica.JsonAsync(response));
        }).ToList();
        start.SetResult();
        return await Task.WhenAll(sending);
    }

    /// <summary>The other replica made the revocation: this one learns of it within the freshness bound.</summary>
    private async Task<string> LaterAsync(JsonElement tokens)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (await _bench.One.IntrospectAsync("demo", Access(tokens)) != Inactive)
        {
            await Task.Delay(20, patience.Token);
        }

        return Inactive;
    }

    private static string Access(JsonElement tokens) => tokens.GetProperty("access_token").GetString()!;

    private static string Refresh(JsonElement tokens) => tokens.GetProperty("refresh_token").GetString()!;

    private sealed record Answer(HttpStatusCode Status, JsonElement Json);
}

public sealed class SqliteCodeFlowTests(SqliteTokenDatabase database) : CodeFlowContract(database), IClassFixture<SqliteTokenDatabase>;

[NeedsPostgres]
public sealed class PostgresCodeFlowTests(PostgresTokenDatabase database) : CodeFlowContract(database), IClassFixture<PostgresTokenDatabase>;
