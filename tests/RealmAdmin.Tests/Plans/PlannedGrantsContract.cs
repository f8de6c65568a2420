using Grpc.Core;
using Pltfrms.Iam.RealmAdmin.V1;
using Pltfrms.Iam.Token.V1;
using RealmAdmin.Tests.Storage;
using Testing.Databases;

namespace RealmAdmin.Tests.Plans;

/// <summary>Which live grants an import would touch, as the token service knows them.</summary>
public abstract class PlannedGrantsContract(TestDatabase fixture) : IAsyncLifetime
{
    private PlanBench _bench = null!;

    public async Task InitializeAsync() => _bench = await PlanBench.StartAsync(fixture);

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [StorageFact]
    public async Task Live_grants_are_named_with_the_scopes_that_shrink()
    {
        await _bench.ImportAsync(PlanBench.Base);
        AddGrants(("g1", "ada", "api", "", "a.read a.write"), ("g2", "ada", "api", "acme", "all"), ("g3", "ada", "api", "other", "a.read"), ("g4", "bob", "api", "", "a.read"), ("g5", "eve", "spa", "", "a.read"));

        var plan = await _bench.PlanAsync(PlanBench.Base.Replace("group_ids: [night]", "group_ids: []", StringComparison.Ordinal));

        Assert.Equal(
            [
                "g1 ada api [a.read,a.write] What its tokens allow shrinks: a.read and a.write.",
                "g2 ada api [all] What its tokens allow shrinks: a.read and a.write.",
            ],
            plan.GrantChanges.Select(GrantLine));
        Assert.Equal(2, plan.GrantChangeCount);
        Assert.Contains("2 live grants are touched.", plan.Summary);
        Assert.Equal(["ada/", "ada/"], _bench.Tokens.Grants.Asked);
        Assert.All(_bench.Tokens.Grants.Callers, header => Assert.Equal(3, header["Bearer ".Length..].Split('.').Length));

        plan = await _bench.PlanAsync(PlanBench.Base.Replace("scopes: [a.read, all]", "scopes: [all]", StringComparison.Ordinal));
        Assert.Equal(["g1 ada api [a.read] The client loses 'a.read'.", "g3 ada api [a.read] The client loses 'a.read'.", "g4 bob api [a.read] The client loses 'a.read'."], plan.GrantChanges.Select(GrantLine));

        plan = await _bench.PlanAsync(PlanBench.Base.Replace("{scope: all, permissions: [a.read, a.write]}", "{scope: all, permissions: [a.read]}", StringComparison.Ordinal));
        Assert.Equal(["g2 ada api [all] What its tokens allow shrinks: a.write."], plan.GrantChanges.Select(GrantLine));

        plan = await _bench.PlanAsync(PlanBench.Base.Replace("{client_id: spa,", "{client_id: spa, disabled: true,", StringComparison.Ordinal));
        Assert.Equal(["g5 eve spa [a.read] The client is disabled, so nothing can be done with the grant."], plan.GrantChanges.Select(GrantLine));

        plan = await _bench.PlanAsync("disabled: true\n" + PlanBench.Base);
        Assert.Equal((5, 5L), (plan.GrantChanges.Count, plan.GrantChangeCount));
    }

    [StorageFact]
    public async Task Without_the_token_service_nothing_is_said_about_grants_that_may_be_touched()
    {
        await _bench.ImportAsync(PlanBench.Base);
        await _bench.Tokens.DisposeAsync();

        var losing = await _bench.Admin.RefusalAsync(new PlanImportRequest { RealmId = _bench.RealmId, Document = _bench.Whole(PlanBench.Base.Replace("group_ids: [night]", "group_ids: []", StringComparison.Ordinal)) });
        Assert.Equal((StatusCode.Unavailable, "SERVICE_UNAVAILABLE"), (losing.Code, losing.Reason));

        var gaining = await _bench.PlanAsync(PlanBench.Base.Replace("role_bindings:\n", "role_bindings:\n  - {user_id: bob, role_id: writer}\n", StringComparison.Ordinal));
        Assert.Equal(3, gaining.AccessChangeCount);
    }

    private void AddGrants(params (string GrantId, string UserId, string ClientId, string OrganizationId, string Scopes)[] grants) =>
        _bench.Tokens.Grants.Grants.AddRange(grants.Select(grant => new Grant
        {
            RealmId = _bench.RealmId,
            GrantId = grant.GrantId,
            UserId = grant.UserId,
            ClientId = grant.ClientId,
            OrganizationId = grant.OrganizationId,
            Scopes = { grant.Scopes.Split(' ') },
        }));

    private static string GrantLine(GrantChange change) =>
        $"{change.GrantId} {change.UserId} {change.ClientId} [{string.Join(',', change.Scopes)}] {change.Reason}";
}

public sealed class SqlitePlannedGrantsTests(SqliteRealmAdminDatabase fixture) : PlannedGrantsContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresPlannedGrantsTests(PostgresRealmAdminDatabase fixture)
    : PlannedGrantsContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
