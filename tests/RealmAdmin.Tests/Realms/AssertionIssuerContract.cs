using Grpc.Core;
using Pltfrms.Iam.RealmAdmin.V1;
using RealmAdmin.Tests.Hosting;
using RealmAdmin.Tests.Storage;
using RealmAdmin.Tests.Writes;
using Testing.Databases;

namespace RealmAdmin.Tests.Realms;

/// <summary>Registered issuers of assertions: what they refer to, what changes of them show, and which users they may name.</summary>
public abstract class AssertionIssuerContract(TestDatabase fixture) : IAsyncLifetime
{
    private const string Issuer = "https://login.partner.example";
    private const string Document = """
        clients: [{client_id: app, client_type: service}]
        organizations: [{organization_id: acme}]
        resource_servers: [{audience: "https://api.example", permissions: [{permission: a.read}]}]
        roles: [{role_id: reader, permissions: [a.read]}]
        users: [{user_id: ada, external_identities: [{issuer: "https://login.partner.example", subject: sub-ada}]}, {user_id: sub-new}]
        login_settings: {upstream: {issuer: "https://login.partner.example", client_id: c, create_users: true}}
        assertion_issuers:
          - name: partner
            issuer: https://login.partner.example
            client_ids: [app]
            scopes: [a.read]
            organization_ids: [acme]
            rules: [{name: staff, claims: [{claim: groups, values: [staff]}], role_ids: [reader]}]
          - {name: ids, issuer: "https://ids.example", client_ids: [app], scopes: [a.read], subject: user_id}
        """;

    private RealmAdminServer _server = null!;
    private AdminCalls _admin = null!;

    public async Task InitializeAsync()
    {
        _server = await RealmAdminServer.SharedAsync(fixture);
        _admin = new AdminCalls(_server);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [StorageFact]
    public async Task They_come_out_of_the_service_as_they_went_in()
    {
        var realmId = await _admin.NewRealmAsync(Document);

        var exported = (await _admin.CallAsync<ExportRealmResponse>(new ExportRealmRequest { RealmId = realmId })).Document;
        var realm = (await _admin.CallAsync<GetRealmResponse>(new GetRealmRequest { RealmId = realmId })).Realm;
        await UpdateAsync(realmId, [.. realm.AssertionIssuers]);

        Assert.Equal(["ids", "partner"], realm.AssertionIssuers.Select(issuer => issuer.Name));
        Assert.Empty((await _server.ImportAsync(realmId, exported)).Changes);
        Assert.Empty((await _server.ImportAsync(realmId, $"realm_id: {realmId}\n{Document}")).Changes);
    }

    [StorageFact]
    public async Task A_plan_and_the_audit_trail_show_what_changes_of_them()
    {
        var realmId = await _admin.NewRealmAsync(Document);
        var wider = $"realm_id: {realmId}\n{Document.Replace("subject: user_id", "subject: user_id, asserts_roles: true", StringComparison.Ordinal)}";

        var plan = await _admin.CallAsync<PlanImportResponse>(new PlanImportRequest { RealmId = realmId, Document = wider });
        await _server.ImportAsync(realmId, wider);
        var events = (await _admin.CallAsync<ListEventsResponse>(new ListEventsRequest { RealmId = realmId })).Events;

        var planned = Assert.Single(Assert.Single(plan.Changes).Fields);
        var recorded = Assert.Single(events, e => e.Revision == 2).Fields.Single();
        Assert.All([(planned.Field, planned.Before, planned.After), (recorded.Field, recorded.Before, recorded.After)], change =>
        {
            Assert.Equal("assertion_issuers", change.Field);
            Assert.DoesNotContain("\"asserts_roles\":true", change.Before);
            Assert.Contains("\"asserts_roles\":true", change.After);
        });
    }

    [StorageFact]
    public async Task What_they_refer_to_is_in_use()
    {
        var realmId = await _admin.NewRealmAsync(Document);

        var refusals = new[]
        {
            await _admin.RefusalAsync(new DeleteClientRequest { RealmId = realmId, ClientId = "app", Cascade = true }),
            await _admin.RefusalAsync(new DeleteRoleRequest { RealmId = realmId, RoleId = "reader", Cascade = true }),
            await _admin.RefusalAsync(new DeleteOrganizationRequest { RealmId = realmId, OrganizationId = "acme", Cascade = true }),
            await _admin.RefusalAsync(new DeleteResourceServerRequest { RealmId = realmId, Audience = "https://api.example", Cascade = true }),
        };

        Assert.All(refusals, refusal => Assert.Equal("RESOURCE_IN_USE", refusal.Reason));
    }

    [StorageFact]
    public async Task An_assertion_names_users_whom_its_own_issuer_may_name_and_makes_none_because_logins_do()
    {
        var realmId = await _admin.NewRealmAsync(Document);

        var known = await _admin.CallAsync<ResolveUserResponse>(Resolve(realmId, Issuer, "sub-ada", "partner"));
        var refusals = new[]
        {
            await _admin.RefusalAsync(Resolve(realmId, Issuer, "sub-new", "partner")),
            await _admin.RefusalAsync(Resolve(realmId, "https://evil.example", "sub-ada", "partner")),
            await _admin.RefusalAsync(Resolve(realmId, "https://ids.example", "sub-ada", "ids")),
            await _admin.RefusalAsync(Resolve(realmId, Issuer, "sub-ada", "nobody")),
        };

        Assert.Equal("ada", known.UserId);
        Assert.All(refusals, refusal => Assert.Equal((StatusCode.NotFound, "RESOURCE_NOT_FOUND"), (refusal.Code, refusal.Reason)));
    }

    [StorageFact]
    public async Task A_disabled_issuer_names_nobody_and_one_that_makes_users_makes_them_once()
    {
        var realmId = await _admin.NewRealmAsync(Document);
        var partner = (await _admin.CallAsync<GetRealmResponse>(new GetRealmRequest { RealmId = realmId })).Realm.AssertionIssuers[1];

        partner.CreateUsers = true;
        await UpdateAsync(realmId, partner);
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _admin.CallAsync<ResolveUserResponse>(Resolve(realmId, Issuer, "sub-new", "partner"))));
        partner.Disabled = true;
        await UpdateAsync(realmId, partner);

        Assert.NotEqual("sub-new", Assert.Single(made.Select(answer => answer.UserId).Distinct()));
        Assert.Equal("RESOURCE_NOT_FOUND", (await _admin.RefusalAsync(Resolve(realmId, Issuer, "sub-ada", "partner"))).Reason);
    }

    private static ResolveUserRequest Resolve(string realmId, string issuer, string subject, string registered) => new()
    {
        RealmId = realmId,
        ExternalIdentity = new() { Issuer = issuer, Subject = subject },
        AssertionIssuer = registered,
    };

    private Task<UpdateRealmResponse> UpdateAsync(string realmId, params AssertionIssuer[] issuers) => _admin.CallAsync<UpdateRealmResponse>(new UpdateRealmRequest
    {
        Realm = new() { RealmId = realmId, AssertionIssuers = { issuers } },
        UpdateMask = new() { Paths = { "assertion_issuers" } },
    });
}

public sealed class SqliteAssertionIssuerTests(SqliteRealmAdminDatabase database) : AssertionIssuerContract(database), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresAssertionIssuerTests(PostgresRealmAdminDatabase database)
    : AssertionIssuerContract(database), IClassFixture<PostgresRealmAdminDatabase>;
