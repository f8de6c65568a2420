using RealmAdmin.Tests.Storage;
using Testing.Databases;

namespace RealmAdmin.Tests.Plans;

/// <summary>Who would gain and lose what by an import, and by which step.</summary>
public abstract class PlannedAccessContract(TestDatabase fixture) : IAsyncLifetime
{
    private PlanBench _bench = null!;

    public async Task InitializeAsync() => _bench = await PlanBench.StartAsync(fixture);

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [StorageFact]
    public async Task Who_loses_and_who_gains_is_told_with_the_step_that_makes_it_so()
    {
        await _bench.ImportAsync(PlanBench.Base);

        Assert.Equal(
            [
                "client job (realm) a.read LOST: Role 'reader' loses the permission. Before: role binding 'rb-job' gives role 'reader' in the realm to the client.",
                "user ada acme a.read LOST: Role 'reader' loses the permission. Before: role binding 'rb-staff' gives role 'writer' in organization 'acme' to group 'staff'; the user is in 'night', which is in 'staff'; the role includes 'reader'.",
                "user bob retail a.read LOST CONDITIONAL: Role 'reader' loses the permission. Before: role binding 'rb-bob' gives role 'reader' in organization 'retail' to the user, only with acr 'mfa' or stronger.",
            ],
            await LinesAsync("permissions: [a.read], display_name: Reader", "display_name: Reader"));
        Assert.Equal(
            ["user ada acme a.read LOST: The user leaves group 'night'. Before: role binding 'rb-staff' gives role 'writer' in organization 'acme' to group 'staff'; the user is in 'night', which is in 'staff'; the role includes 'reader'.", "user ada acme a.write LOST"],
            await LinesAsync("group_ids: [night]", "group_ids: []"),
            StartsAlike);
        Assert.Equal(
            ["user ada acme a.read LOST: Group 'night' leaves group 'staff'.", "user ada acme a.write LOST"],
            await LinesAsync("{group_id: night, parent_group_ids: [staff]}", "{group_id: night}"),
            StartsAlike);
        Assert.Equal(
            ["user ada acme a.read LOST: Role 'writer' no longer includes role 'reader'."],
            await LinesAsync("included_role_ids: [reader]", "included_role_ids: []"),
            StartsAlike);
        Assert.Equal(
            ["client job (realm) a.read LOST: Role binding 'rb-job' is removed."],
            await LinesAsync("  - {role_binding_id: rb-job, client_id: job, role_id: reader}\n", ""),
            StartsAlike);
        Assert.Equal(
            ["client job (realm) a.read LOST: The client is disabled."],
            await LinesAsync("{client_id: job,", "{client_id: job, disabled: true,"),
            StartsAlike);
        Assert.Equal(
            ["user bob (realm) a.read GAINED: Role binding 'rb-new' is new. Afterwards: role binding 'rb-new' gives role 'reader' in the realm to the user."],
            (await LinesAsync("role_bindings:\n", "role_bindings:\n  - {role_binding_id: rb-new, user_id: bob, role_id: reader}\n")).Take(1));
    }

    [StorageFact]
    public async Task Organizations_change_what_those_bound_above_and_below_may_do()
    {
        await _bench.ImportAsync(PlanBench.Base);

        // A new place in what they have already is no news; a binding in it is.
        Assert.Empty(await LinesAsync("{organization_id: retail,", "{organization_id: fresh, parent_organization_id: acme}, {organization_id: retail,"));
        Assert.Equal(
            ["user ada retail a.read LOST: The organization moves.", "user ada retail a.write LOST: The organization moves."],
            await LinesAsync("{organization_id: retail, parent_organization_id: acme}", "{organization_id: retail}"),
            StartsAlike);
        Assert.Equal(
            [
                "client job retail a.read LOST: Organization 'retail' is disabled.", "user ada retail a.read LOST: Organization 'retail' is disabled.",
                "user ada retail a.write LOST", "user bob retail a.read LOST CONDITIONAL: Organization 'retail' is disabled.",
            ],
            await LinesAsync("{organization_id: retail,", "{organization_id: retail, disabled: true,"),
            StartsAlike);
    }

    [StorageFact]
    public async Task Other_conditions_are_told_apart_from_loss_and_gain()
    {
        await _bench.ImportAsync(PlanBench.Base);

        Assert.Equal(
            ["client job (realm) a.read CONDITIONSCHANGED CONDITIONAL: Before: role binding 'rb-job' gives role 'reader' in the realm to the client. Afterwards: role binding 'rb-job' gives role 'reader' in the realm to the client, only from 10.0.0.0/8."],
            await LinesAsync("client_id: job, role_id: reader}", "client_id: job, role_id: reader, conditions: {source_networks: [10.0.0.0/8]}}"));
        Assert.Equal(
            ["user bob retail a.read CONDITIONSCHANGED: Before:"],
            await LinesAsync(", conditions: {min_acr: mfa}", ""),
            StartsAlike);
        Assert.Equal(
            ["user bob retail a.read CONDITIONSCHANGED CONDITIONAL: Before:"],
            await LinesAsync("acr_values: [pwd, mfa]", "acr_values: [mfa, pwd]"),
            StartsAlike);
        Assert.Equal(
            ["user bob retail a.read LOST CONDITIONAL: Role binding 'rb-bob' changes."],
            await LinesAsync("conditions: {min_acr: mfa}", "expires_at: 2020-01-01T00:00:00Z"),
            StartsAlike);
    }

    private async Task<IReadOnlyList<string>> LinesAsync(string old, string changed)
    {
        var document = PlanBench.Base.Replace(old, changed, StringComparison.Ordinal);
        Assert.NotEqual(PlanBench.Base, document);
        return [.. PlanBench.Lines(await _bench.PlanAsync(document))];
    }

    private static bool StartsAlike(string expected, string actual) => actual.StartsWith(expected, StringComparison.Ordinal);
}

public sealed class SqlitePlannedAccessTests(SqliteRealmAdminDatabase fixture) : PlannedAccessContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresPlannedAccessTests(PostgresRealmAdminDatabase fixture)
    : PlannedAccessContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
