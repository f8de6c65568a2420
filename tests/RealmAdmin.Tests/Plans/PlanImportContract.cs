using Grpc.Core;
using Pltfrms.Iam.RealmAdmin.V1;
using RealmAdmin.Tests.Audit;
using RealmAdmin.Tests.Hosting;
using RealmAdmin.Tests.Storage;
using RealmAdmin.Tests.Writes;
using Testing.Databases;

namespace RealmAdmin.Tests.Plans;

/// <summary>What an import would mean, asked over a real port.</summary>
public abstract class PlanImportContract(TestDatabase fixture) : IAsyncLifetime
{
    private readonly string _realmId = Samples.NewRealmId();
    private TokenServiceStandIn _tokens = null!;
    private RealmAdminServer _server = null!;
    private AdminCalls _admin = null!;

    public async Task InitializeAsync()
    {
        _tokens = await TokenServiceStandIn.StartAsync();
        _server = await RealmAdminServer.StartAsync(new Dictionary<string, string?>(fixture.Settings) { ["Peers:Token:Address"] = _tokens.Address });
        _admin = new AdminCalls(_server);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _tokens.DisposeAsync();
    }

    [StorageFact]
    public async Task A_plan_for_a_new_realm_says_who_gains_what_and_makes_nothing()
    {
        var plan = await PlanAsync(AdminCalls.Base);

        Assert.Equal((0L, 1L, 0L), (plan.Revision, plan.AccessChangeCount, plan.GrantChangeCount));
        Assert.Equal(
            ["user ada acme a.read GAINED: The user is new. Afterwards: role binding 'rb' gives role 'reader' in organization 'acme' to the user."],
            Lines(plan));
        Assert.Equal(
            [
                $"The realm '{_realmId}' is made.",
                "1 user ('ada') gains 1 permission: a.read.",
                "1 realm, 1 client, 1 resource server, 1 scope, 2 roles, 2 groups, 2 organizations, 1 user and 1 role binding are made.",
            ],
            plan.Summary);
        Assert.Equal("REALM_NOT_FOUND", (await _admin.RefusalAsync(new GetRealmRequest { RealmId = _realmId })).Reason);
        Assert.Empty(_tokens.Grants.Asked);
    }

    [StorageFact]
    public async Task What_was_planned_is_imported_once_and_then_the_plan_is_over()
    {
        var plan = await PlanAsync(AdminCalls.Base);
        Assert.Equal(plan.PlanEtag, (await PlanAsync(AdminCalls.Base)).PlanEtag);

        var import = await ImportAsync(AdminCalls.Base, plan.PlanEtag);
        Assert.Equal(plan.Changes, import.Changes);

        var again = await _admin.RefusalAsync(Import(AdminCalls.Base, plan.PlanEtag));
        Assert.Equal((StatusCode.Aborted, "ETAG_MISMATCH"), (again.Code, again.Reason));
        var nothing = await PlanAsync(AdminCalls.Base);
        Assert.Equal(("Nothing changes.", 1L, 0), (Assert.Single(nothing.Summary), nothing.Revision, nothing.Changes.Count));
        Assert.Equal(1, (await ImportAsync(AdminCalls.Base, nothing.PlanEtag)).Revision);
    }

    private async Task<PlanImportResponse> PlanAsync(string document) =>
        await _admin.CallAsync<PlanImportResponse>(new PlanImportRequest { RealmId = _realmId, Document = Whole(document) });

    private async Task<ImportRealmResponse> ImportAsync(string document, string planEtag = "") =>
        await _admin.CallAsync<ImportRealmResponse>(Import(document, planEtag));

    private ImportRealmRequest Import(string document, string planEtag) =>
        new() { RealmId = _realmId, Document = Whole(document), PlanEtag = planEtag };

    private string Whole(string document) => $"realm_id: {_realmId}\n{document}";

    private static IEnumerable<string> Lines(PlanImportResponse plan) => plan.AccessChanges.Select(change => string.Concat(
        change.UserId.Length > 0 ? $"user {change.UserId}" : $"client {change.ClientId}",
        $" {(change.OrganizationId.Length > 0 ? change.OrganizationId : "(realm)")} {change.Permission} ",
        $"{change.Effect.ToString().ToUpperInvariant()}{(change.Conditional ? " CONDITIONAL" : "")}: {change.Reason}"));
}

public sealed class SqlitePlanImportTests(SqliteRealmAdminDatabase fixture) : PlanImportContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresPlanImportTests(PostgresRealmAdminDatabase fixture)
    : PlanImportContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
