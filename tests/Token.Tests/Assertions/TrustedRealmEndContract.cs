using System.Text.Json;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.Assertions;
using Testing.Databases;
using Token.Tests.Hosting;

namespace Token.Tests.Assertions;

/// <summary>What came of another realm's token ends with what it stands on there.</summary>
public abstract class TrustedRealmEndContract(TestDatabase database) : IAsyncLifetime
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
    public async Task What_ends_there_ends_here()
    {
        foreach (var (what, end, begin) in Ends())
        {
            var theirs = await _bench.TheirTokenAsync(access => access with { OrganizationId = "globex" });
            var ours = await _bench.IssueAsync(theirs);
            var fresh = await _bench.TheirTokenAsync(access => access with { OrganizationId = "globex" });
            Assert.True(await _bench.IsActiveAsync(ours), what);

            await _bench.ChangeAsync("other", end);
            Assert.False(await _bench.IsActiveAsync(ours), what);
            Assert.Equal("invalid_grant", await _bench.RefusalAsync(fresh));

            await _bench.ChangeAsync("other", begin);
            Assert.True(await _bench.IsActiveAsync(ours), what);
        }
    }

    [StorageFact]
    public async Task A_token_that_is_revoked_there_ends_what_came_of_it_here()
    {
        var theirs = await _bench.TheirTokenAsync();
        var ours = await _bench.IssueAsync(theirs);
        var others = await _bench.IssueAsync(await _bench.TheirTokenAsync());

        using var revoked = await _bench.Flow.Two.PostAsync("/realms/other/oauth2/revoke", TokenReplica.Basic(AssertionBench.Web, TestRealm.WebSecret), ("token", theirs));

        Assert.True(revoked.IsSuccessStatusCode);
        Assert.False(await _bench.IsActiveAsync(ours));
        Assert.True(await _bench.IsActiveAsync(others));
        Assert.Equal("invalid_grant", AssertionBench.ErrorOf(await AssertionBench.TryAsync(_bench.Flow.Two, AssertionBench.Presenter, theirs)));
    }

    [StorageFact]
    public async Task A_realm_made_anew_under_the_same_id_is_another()
    {
        await _bench.SetAsync(AssertionBench.Trusted with { Name = "third", TrustedRealmId = "third" });
        var source = new AssertionSource
        {
            Name = "third",
            ClientId = AssertionBench.Presenter,
            Rules = [AssertionRules.VersionOf(AssertionBench.Trusted.Rules[0])],
            Token = new() { RealmId = "third", Subject = Principal.User("carol"), ClientId = AssertionBench.Web, Ids = ["a token of before"] },
        };
        var ours = await _bench.IssueHereAsync(source);

        foreach (var (age, isActive) in new[] { (TimeSpan.Zero, true), (TimeSpan.FromSeconds(2), false) })
        {
            var there = _bench.Flow.Realms.Resources("other").Select(resource => resource is Realm realm ? realm with { RealmId = "third", CreatedAt = _bench.Flow.Clock.GetUtcNow() + age } : resource);
            await using var replica = await _bench.StartReplicaAsync(database, "third", [.. there]);
            Assert.Equal(isActive, JsonDocument.Parse(await replica.IntrospectAsync("demo", ours)).RootElement.GetProperty("active").GetBoolean());
        }
    }

    [StorageTheory]
    [InlineData("disabled")]
    [InlineData("deleted")]
    public async Task A_realm_that_is_gone_vouches_for_nobody(string how)
    {
        var ours = await _bench.IssueAsync(await _bench.TheirTokenAsync());
        var fresh = await _bench.TheirTokenAsync();
        Assert.True(await _bench.IsActiveAsync(ours));

        if (how == "deleted")
        {
            _bench.Flow.Realms.Delete("other");
        }
        else
        {
            _bench.Flow.Realms.Change("other", _bench.Flow.Realms.Resources("other").OfType<Realm>().Single() with { Disabled = true });
        }

        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        foreach (var replica in new[] { _bench.Flow.One, _bench.Flow.Two })
        {
            while (await replica.IntrospectAsync("demo", ours) != """{"active":false}""")
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), patience.Token);
            }
        }

        var answer = await _bench.TryAsync(fresh);
        Assert.Equal("The assertion's issuer is not registered.", answer.GetProperty("error_description").GetString());
    }

    private IEnumerable<(string What, IRealmResource End, IRealmResource Begin)> Ends()
    {
        var there = _bench.Flow.Realms.Resources("other");
        var realm = there.OfType<Realm>().Single();
        var user = there.OfType<User>().Single(user => user.UserId == "carol");
        var client = there.OfType<Client>().Single(client => client.ClientId == AssertionBench.Web);
        var organization = there.OfType<Organization>().Single(organization => organization.OrganizationId == "globex");
        return
        [
            ("the user", user with { Disabled = true }, user),
            ("the client", client with { Disabled = true }, client),
            ("the organization", organization with { Disabled = true }, organization),
        ];
    }
}

public sealed class SqliteTrustedRealmEndTests(SqliteTokenDatabase database) : TrustedRealmEndContract(database), IClassFixture<SqliteTokenDatabase>;

[NeedsPostgres]
public sealed class PostgresTrustedRealmEndTests(PostgresTokenDatabase database) : TrustedRealmEndContract(database), IClassFixture<PostgresTokenDatabase>;
