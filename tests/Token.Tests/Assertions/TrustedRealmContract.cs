using System.Text.Json;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;
using Testing.Databases;
using Token.Tests.Authorization;
using Token.Tests.Hosting;

namespace Token.Tests.Assertions;

/// <summary>One realm takes another's access tokens as assertions: where it says so, scope by scope, and for as long as both go on saying so.</summary>
public abstract class TrustedRealmContract(TestDatabase database) : IAsyncLifetime
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
    public async Task A_token_of_a_trusted_realm_gives_one_of_this_realm_once()
    {
        var theirs = await _bench.TheirTokenAsync("demo.read", "demo.write");
        var answer = await _bench.TryAsync(theirs);
        var claims = await _bench.IntrospectAsync(answer.GetProperty("access_token").GetString()!);
        var source = claims.GetProperty("assertion");

        Assert.Equal(("carol", "invoices.read", FlowBench.Issuer), (Text(claims, "sub"), Text(answer, "scope"), Text(claims, "iss")));
        Assert.Equal(("other", "other", "carol", AssertionBench.Web), (Text(source, "name"), Text(source.GetProperty("token"), "realm_id"), Text(source.GetProperty("token"), "sub"), Text(source.GetProperty("token"), "client_id")));
        Assert.Equal("invalid_grant", await _bench.RefusalAsync(theirs));
        Assert.Equal("invalid_grant", AssertionBench.ErrorOf(await AssertionBench.TryAsync(_bench.Flow.Two, AssertionBench.Presenter, theirs)));
    }

    [StorageFact]
    public async Task Of_many_that_present_one_token_at_two_replicas_one_gets_a_token()
    {
        var theirs = await _bench.TheirTokenAsync();
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var sending = Enumerable.Range(0, 16).Select(async i =>
        {
            await start.Task;
            return (await AssertionBench.TryAsync(i % 2 == 0 ? _bench.Flow.One : _bench.Flow.Two, AssertionBench.Presenter, theirs)).TryGetProperty("access_token", out _);
        }).ToList();

        start.SetResult();

        Assert.Single(await Task.WhenAll(sending), isIssued => isIssued);
    }

    [StorageFact]
    public async Task A_realms_token_itself_is_never_good_in_another()
    {
        var theirs = await _bench.TheirTokenAsync();
        var ours = await _bench.IssueAsync(await _bench.TheirTokenAsync());

        Assert.False(await _bench.IsActiveAsync(theirs));
        Assert.False(await IsActiveThereAsync(ours));
    }

    [StorageFact]
    public async Task Without_the_trust_or_with_one_that_says_less_nothing_is_given_and_nothing_stays_active()
    {
        foreach (var (what, trust) in LesserTrust())
        {
            await _bench.SetAsync(AssertionBench.Registered, AssertionBench.Trusted);
            var token = await _bench.IssueAsync(await _bench.TheirTokenAsync());

            await _bench.SetAsync([AssertionBench.Registered, .. trust]);

            var error = await _bench.RefusalAsync(await _bench.TheirTokenAsync());
            Assert.True(error == "invalid_grant", $"{what}: {error}");
            Assert.False(await _bench.IsActiveAsync(token), what);
        }
    }

    [StorageFact]
    public async Task A_token_that_is_for_somebody_else_too_or_of_somebody_elses_making_is_not_taken()
    {
        var bad = new (string What, string Token)[]
        {
            ("for two", await _bench.TheirTokenAsync(access => access with { Audiences = [FlowBench.Issuer, TestRealm.Api] })),
            ("for its own realm", await _bench.TheirTokenAsync(access => access with { Audiences = [] })),
            ("for an api of its realm", await _bench.TheirTokenAsync(access => access with { Audiences = [TestRealm.Api] })),
            ("for the token endpoint", await _bench.TheirTokenAsync(access => access with { Audiences = [FlowBench.Issuer + "/oauth2/token"] })),
            ("another client's", await _bench.TheirTokenAsync(access => access, "other-app")),
            ("a client's own", await _bench.TheirTokenAsync(access => access with { Subject = Principal.Client(AssertionBench.Web) })),
            ("without the scope", await _bench.TheirTokenAsync("demo.write")),
            ("a user's whom nobody knows here", await _bench.TheirTokenAsync(access => access with { Subject = Principal.User("bob") })),
            ("naming an actor", await _bench.TheirTokenAsync(access => access with { Actors = [Principal.Client("other-app")], ParentIds = ["x"] })),
            ("coming of another's word", await _bench.TheirTokenAsync(access => access with { Assertion = new() { Name = "x", ClientId = "y" } })),
            ("acting by a delegation", await _bench.TheirTokenAsync(access => access with { DelegationId = "d" })),
            ("bound to a key", await _bench.TheirTokenAsync(access => access with { Confirmation = Confirmation.Of("a-thumbprint", null) })),
            ("in a closed organization", await _bench.TheirTokenAsync(access => access with { OrganizationId = "closed" })),
            ("with a changed signature", (await _bench.TheirTokenAsync())[..^4] + "AAAA"),
        };

        foreach (var (what, token) in bad)
        {
            var error = await _bench.RefusalAsync(token);
            Assert.True(error == "invalid_grant", $"{what}: {error}");
        }
    }

    [StorageFact]
    public async Task A_token_names_all_that_it_stands_on_there()
    {
        var theirs = await _bench.TheirTokenAsync(access => access with { GrantId = "their-grant", ParentIds = ["their-parent"] });
        var ids = (await _bench.IntrospectAsync(await _bench.IssueAsync(theirs))).GetProperty("assertion").GetProperty("token").GetProperty("ids");
        var keys = (await _bench.Flow.One.Keys.ListKeysAsync(new() { RealmId = "other" }, TokenReplica.Operator)).Keys.Select(key => key.KeyId);
        var named = ids.EnumerateArray().Select(id => id.GetString()!).ToList();

        Assert.Equal(4, named.Count);
        Assert.Equal(["their-grant", "their-parent"], named.Intersect(["their-grant", "their-parent"]));
        Assert.Single(keys.Intersect(named));
    }

    [StorageFact]
    public async Task A_client_of_a_trusted_realm_vouches_for_the_client_that_presents_its_token()
    {
        await _bench.SetAsync(AssertionBench.Trusted with { Subject = AssertionSubject.PresentingClient });

        var claims = await _bench.IntrospectAsync(await _bench.IssueAsync(await _bench.TheirTokenAsync(access => access with { Subject = Principal.Client(AssertionBench.Web) })));

        Assert.Equal((AssertionBench.Presenter, "client"), (Text(claims, "sub"), Text(claims, "sub_type")));
        Assert.Equal("invalid_grant", await _bench.RefusalAsync(await _bench.TheirTokenAsync()));
    }

    [StorageFact]
    public async Task Nothing_lasts_longer_than_the_token_that_it_comes_from()
    {
        var theirs = await _bench.TheirTokenAsync();
        _bench.Flow.Clock.Advance(TimeSpan.FromMinutes(4));

        Assert.Equal(60, (await _bench.TryAsync(theirs)).GetProperty("expires_in").GetInt64());
    }

    [StorageFact]
    public async Task An_exchange_takes_it_as_a_subject_token_within_the_realms_rules()
    {
        var theirs = await _bench.TheirTokenAsync("demo.read", "demo.write");
        Assert.Equal("unsupported_grant_type", AssertionBench.ErrorOf(await ExchangeAsync(AssertionBench.Presenter, theirs)));

        await _bench.SetAsync(realm => realm with { TokenExchange = new() { Rules = [new() { Name = "of realms", SubjectClientIds = [AssertionBench.Presenter] }] } });
        var first = (await ExchangeAsync(AssertionBench.Presenter, theirs)).GetProperty("access_token").GetString()!;
        var second = (await ExchangeAsync(AssertionBench.Presenter, theirs)).GetProperty("access_token").GetString()!;
        var claims = await _bench.IntrospectAsync(first);

        Assert.Equal(("carol", "invoices.read", "other"), (Text(claims, "sub"), Text(claims, "scope"), Text(claims.GetProperty("assertion"), "name")));
        Assert.Equal("invalid_scope", AssertionBench.ErrorOf(await ExchangeAsync(AssertionBench.Presenter, theirs, ("scope", "files.read"))));
        Assert.Equal("invalid_request", AssertionBench.ErrorOf(await ExchangeAsync("stranger", theirs)));
        await _bench.SetAsync([AssertionBench.Registered]);
        Assert.Equal("invalid_request", AssertionBench.ErrorOf(await ExchangeAsync(AssertionBench.Presenter, theirs)));
        Assert.False(await _bench.IsActiveAsync(first) || await _bench.IsActiveAsync(second));
    }

    [StorageFact]
    public async Task A_realms_own_issuer_registered_as_somebody_outside_opens_no_way_around()
    {
        await _bench.SetAsync(AssertionBench.Registered with { Issuer = FlowBench.PublicAddress + "/realms/other", Subject = AssertionSubject.UserId });

        Assert.Equal("invalid_grant", await _bench.RefusalAsync(await _bench.TheirTokenAsync()));
    }

    private static IEnumerable<(string What, AssertionIssuer[] Trust)> LesserTrust() =>
    [
        ("none", []),
        ("disabled", [AssertionBench.Trusted with { Disabled = true }]),
        ("another realm", [AssertionBench.Trusted with { TrustedRealmId = "third" }]),
        ("another scope of theirs", [AssertionBench.Trusted with { Rules = [AssertionBench.Trusted.Rules[0] with { Claims = [new() { Claim = "scope", Values = ["demo.write"] }] }] }]),
        ("another user of theirs", [AssertionBench.Trusted with { Rules = [AssertionBench.Trusted.Rules[0] with { Claims = [.. AssertionBench.Trusted.Rules[0].Claims, new() { Claim = "sub", Values = ["alice"] }] }] }]),
        ("another client of theirs", [AssertionBench.Trusted with { SubjectClientIds = ["other-app"] }]),
        ("another client here", [AssertionBench.Trusted with { ClientIds = ["stranger"] }]),
        ("an organization", [AssertionBench.Trusted with { OrganizationIds = ["acme"] }]),
    ];

    private Task<JsonElement> ExchangeAsync(string clientId, string token, params (string Name, string Value)[] parameters) =>
        AssertionBench.ExchangeAsync(_bench.Flow.One, clientId, token, parameters);

    private async Task<bool> IsActiveThereAsync(string token) =>
        JsonDocument.Parse(await _bench.Flow.Two.IntrospectAsync("other", token)).RootElement.GetProperty("active").GetBoolean();

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();
}

public sealed class SqliteTrustedRealmTests(SqliteTokenDatabase database) : TrustedRealmContract(database), IClassFixture<SqliteTokenDatabase>;

[NeedsPostgres]
public sealed class PostgresTrustedRealmTests(PostgresTokenDatabase database) : TrustedRealmContract(database), IClassFixture<PostgresTokenDatabase>;
