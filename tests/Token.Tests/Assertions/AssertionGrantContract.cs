using System.Text.Json;
using System.Text.Json.Nodes;
using Grpc.Core;
using Pltfrms.Iam.Common.Realms.Model;
using Testing.Databases;
using Token.Tests.ClientAuthentication;
using Token.Tests.Hosting;
using Wire = Pltfrms.Iam.Token.V1;

namespace Token.Tests.Assertions;

/// <summary>RFC 7523 section 2.1 on either engine and through two replicas: what an assertion gives, once, and until when.</summary>
public abstract class AssertionGrantContract(TestDatabase database) : IAsyncLifetime
{
    private AssertionBench _bench = null!;

    public async Task InitializeAsync()
    {
        if (PostgresInstallation.SkipReason is null || database is SqliteTestDatabase)
        {
            _bench = await AssertionBench.StartAsync(database);
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
    public async Task A_partners_word_gives_a_token_of_the_user_and_no_refresh_token()
    {
        var answer = await _bench.TryAsync(_bench.Good(), ("scope", "invoices.read"));
        var claims = await _bench.IntrospectAsync(answer.GetProperty("access_token").GetString()!);

        Assert.Equal(["access_token", "token_type", "expires_in", "scope"], answer.EnumerateObject().Select(member => member.Name));
        Assert.Equal(("invoices.read", 300L), (answer.GetProperty("scope").GetString(), answer.GetProperty("expires_in").GetInt64()));
        Assert.Equal(
            ("carol", "user", AssertionBench.Presenter, TestRealm.Api),
            (Text(claims, "sub"), Text(claims, "sub_type"), Text(claims, "client_id"), Text(claims, "aud")));
        Assert.Equal(
            """{"name":"partner","iss":"https://login.partner.example","client_id":"presenter"}""", claims.GetProperty("assertion").GetRawText());
        Assert.False(claims.TryGetProperty("organization_id", out _));
    }

    [StorageFact]
    public async Task So_it_is_over_grpc()
    {
        var request = Grpc(_bench.Good());
        request.JwtBearer.Scopes.Add("invoices.read");
        request.JwtBearer.OrganizationId = "acme";

        var issued = await _bench.Flow.One.Tokens.IssueTokenAsync(request);
        var known = await _bench.Flow.Two.Tokens.IntrospectTokenAsync(new() { RealmId = "demo", Token = issued.AccessToken }, TokenReplica.Operator);
        var missing = Grpc("");

        Assert.Equal(("", "acme", "invoices.read"), (issued.RefreshToken, issued.OrganizationId, Assert.Single(issued.Scopes)));
        Assert.Equal(("carol", "partner", AssertionBench.Partner, ""), (known.UserId, known.Assertion.Name, known.Assertion.Issuer, known.Assertion.RealmId));
        Assert.Equal((StatusCode.InvalidArgument, "INVALID_GRANT"), await Refusals.OfAsync(_bench.Flow.Two.Tokens.IssueTokenAsync(request)));
        Assert.Equal((StatusCode.InvalidArgument, "INVALID_REQUEST"), await Refusals.OfAsync(_bench.Flow.Two.Tokens.IssueTokenAsync(missing)));
    }

    [StorageFact]
    public async Task An_assertion_counts_once_wherever_and_however_it_comes_again()
    {
        var second = ClientKey.Of("ES384", "second");
        await _bench.SetAsync(AssertionBench.Registered with { Jwks = ClientKey.SetOf(AssertionBench.Key, second) });
        var claims = _bench.Claims();
        await _bench.IssueAsync(AssertionBench.Key.Sign([], claims));

        Assert.Equal("invalid_grant", await _bench.RefusalAsync(AssertionBench.Key.Sign([], claims)));
        Assert.Equal("invalid_grant", AssertionBench.ErrorOf(await AssertionBench.TryAsync(_bench.Flow.Two, AssertionBench.Presenter, AssertionBench.Key.Sign([], claims))));
        Assert.Equal("invalid_grant", await _bench.RefusalAsync(second.Sign([], claims)));
        Assert.Equal("invalid_grant", await _bench.RefusalAsync(AssertionBench.Key.Sign([], AssertionBench.With(claims, "exp", _bench.Now() + 90))));
        _bench.Flow.Clock.Advance(TimeSpan.FromSeconds(100));
        // Still inside what clocks may differ by.
        Assert.Equal("invalid_grant", await _bench.RefusalAsync(AssertionBench.Key.Sign([], AssertionBench.With(claims, "exp", _bench.Now() - 10))));
    }

    [StorageFact]
    public async Task Of_many_that_present_one_assertion_at_two_replicas_one_gets_a_token()
    {
        var assertion = _bench.Good();
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var sending = Enumerable.Range(0, 32).Select(async i =>
        {
            await start.Task;
            var answer = await AssertionBench.TryAsync(i % 2 == 0 ? _bench.Flow.One : _bench.Flow.Two, AssertionBench.Presenter, assertion);
            return answer.TryGetProperty("access_token", out _) ? "token" : AssertionBench.ErrorOf(answer);
        }).ToList();

        start.SetResult();
        var answers = await Task.WhenAll(sending);

        Assert.Single(answers, "token");
        Assert.Equal(31, answers.Count(answer => answer == "invalid_grant"));
    }

    [StorageFact]
    public async Task Clocks_may_differ_by_ten_seconds_and_not_by_a_minute()
    {
        foreach (var (name, seconds) in new[] { ("nbf", 10), ("iat", 10), ("exp", -10), ("exp", 299) })
        {
            await _bench.IssueAsync(Signed(name, _bench.Now() + seconds));
        }

        foreach (var (name, seconds) in new[] { ("nbf", 60), ("iat", 60), ("exp", -60), ("exp", 301), ("exp", 3600) })
        {
            Assert.True(await _bench.RefusalAsync(Signed(name, _bench.Now() + seconds)) == "invalid_grant", $"{name} {seconds}");
        }
    }

    [StorageFact]
    public async Task A_subject_that_nobody_is_gets_nothing_unless_the_issuer_makes_users()
    {
        Assert.Equal("invalid_grant", await _bench.RefusalAsync(_bench.Good("sub-nobody")));
        Assert.Equal("invalid_grant", await _bench.RefusalAsync(_bench.Good("sub-dave")));
        Assert.Equal("invalid_grant", await _bench.RefusalAsync(_bench.Good("carol")));
        Assert.DoesNotContain(_bench.Flow.Realms.Resources("demo").OfType<User>(), user => user.UserId.StartsWith("made-for", StringComparison.Ordinal));

        await _bench.SetAsync(AssertionBench.Registered with { CreateUsers = true });
        var claims = await _bench.IntrospectHeardAsync(await _bench.IssueAsync(_bench.Good("sub-new")));
        Assert.Equal("made-for-sub-new", Text(claims, "sub"));
    }

    [StorageFact]
    public async Task A_subject_may_be_an_id_in_a_claim_or_the_client_itself()
    {
        await _bench.SetAsync(AssertionBench.Registered with { Subject = AssertionSubject.UserId, UserIdClaim = "employee" });
        var named = await _bench.IntrospectAsync(await _bench.IssueAsync(Signed("employee", "alice"), ("organization", "acme")));
        var nameless = await _bench.RefusalAsync(_bench.Good());
        var disabled = await _bench.RefusalAsync(Signed("employee", "dave"));
        var unknown = await _bench.RefusalAsync(Signed("employee", new JsonArray("alice")));

        await _bench.SetAsync(AssertionBench.Registered with { Subject = AssertionSubject.PresentingClient });
        var itself = await _bench.IntrospectAsync(await _bench.IssueAsync(_bench.Good("a workload"), ("scope", "invoices.read")));

        Assert.Equal(("alice", "acme"), (Text(named, "sub"), Text(named, "organization_id")));
        Assert.All([nameless, disabled, unknown], error => Assert.Equal("invalid_grant", error));
        Assert.Equal((AssertionBench.Presenter, "client"), (Text(itself, "sub"), Text(itself, "sub_type")));
    }

    [StorageFact]
    public async Task A_token_is_revoked_as_any_other()
    {
        var token = await _bench.IssueAsync(_bench.Good());
        Assert.True(await _bench.IsActiveAsync(token));

        using var revoked = await _bench.Flow.Two.PostAsync("/realms/demo/oauth2/revoke", TokenReplica.Basic(AssertionBench.Presenter, TestRealm.ServiceSecret), ("token", token));

        Assert.True(revoked.IsSuccessStatusCode);
        Assert.False(await _bench.IsActiveAsync(token));
    }

    [StorageFact]
    public async Task The_trail_of_tokens_names_the_issuer_and_who_presented_a_used_assertion()
    {
        await _bench.SetAsync(realm => realm with { AuditSettings = new() { DurableAudit = true } });
        var assertion = _bench.Good();
        var token = await _bench.IntrospectAsync(await _bench.IssueAsync(assertion));
        await _bench.RefusalAsync(assertion);

        var events = (await _bench.Flow.Two.TokenAudit.ListTokenEventsAsync(new() { RealmId = "demo", PageSize = 1000 }, TokenReplica.Operator)).Events;

        var issued = Assert.Single(events, told => told.TokenId == Text(token, "jti"));
        Assert.Equal((Wire.TokenEventKind.Issued, "partner", "carol"), (issued.Kind, issued.Rule, issued.UserId));
        Assert.Contains(events, told => told.Kind == Wire.TokenEventKind.Reused && told.ClientId == AssertionBench.Presenter && told.Reason == "INVALID_GRANT");
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();

    private string Signed(string name, JsonNode value) => AssertionBench.Key.Sign([], AssertionBench.With(_bench.Claims(), name, value));

    private static Wire.IssueTokenRequest Grpc(string assertion) => new()
    {
        RealmId = "demo",
        ClientId = AssertionBench.Presenter,
        ClientSecret = TestRealm.ServiceSecret,
        JwtBearer = new() { Assertion = assertion },
    };
}

public sealed class SqliteAssertionGrantTests(SqliteTokenDatabase database) : AssertionGrantContract(database), IClassFixture<SqliteTokenDatabase>;

[NeedsPostgres]
public sealed class PostgresAssertionGrantTests(PostgresTokenDatabase database) : AssertionGrantContract(database), IClassFixture<PostgresTokenDatabase>;
