using Grpc.Core;
using Pltfrms.Iam.RealmAdmin.V1;
using Pltfrms.Iam.Token.V1;
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
        Assert.Equal((StatusCode.Aborted, "ETAG_MISMATCH", "plan_etag"), (again.Code, again.Reason, Assert.Single(again.Fields)));
        var nothing = await PlanAsync(AdminCalls.Base);
        Assert.Equal(("Nothing changes.", 1L, 0), (Assert.Single(nothing.Summary), nothing.Revision, nothing.Changes.Count));
        Assert.Equal(1, (await ImportAsync(AdminCalls.Base, nothing.PlanEtag)).Revision);
    }

    [StorageFact]
    public async Task A_plan_is_over_when_the_realm_changes_so_that_the_import_would_do_anything_else()
    {
        await ImportAsync(Base);
        var document = Base.Replace("display_name: Reader", "display_name: Leser", StringComparison.Ordinal);
        var plan = await PlanAsync(document);

        // What the document takes back would be lost without anybody having seen it.
        await _admin.CallAsync(new CreateRoleRequest { RealmId = _realmId, Role = new() { RoleId = "meanwhile" } });
        Assert.Equal("ETAG_MISMATCH", (await _admin.RefusalAsync(Import(document, plan.PlanEtag))).Reason);
        var dry = Import(document, plan.PlanEtag);
        dry.DryRun = true;
        Assert.Equal("ETAG_MISMATCH", (await _admin.RefusalAsync(dry)).Reason);
        Assert.Equal(2, await _admin.RevisionAsync(_realmId));

        // It is back to what it was; and secrets are not the document's business.
        await _admin.CallAsync(new DeleteRoleRequest { RealmId = _realmId, RoleId = "meanwhile" });
        await _admin.CallAsync(new CreateClientSecretRequest { RealmId = _realmId, ClientId = "api" });
        Assert.Equal(5, (await ImportAsync(document, plan.PlanEtag)).Revision);

        // Another document, though it means the same.
        plan = await PlanAsync(Base);
        Assert.Equal("ETAG_MISMATCH", (await _admin.RefusalAsync(Import(Base + "\n# the same", plan.PlanEtag))).Reason);
        Assert.Equal("ETAG_MISMATCH", (await _admin.RefusalAsync(Import(Base, "garbage"))).Reason);
        Assert.Equal(5, await _admin.RevisionAsync(_realmId));
    }

    [StorageFact]
    public async Task A_plan_follows_secrets_that_the_document_sets()
    {
        var document = Base.Replace("{client_id: api,", "{client_id: api, secrets: [{secret_id: s, secret: 0123456789abcdef0123456789abcdef}],", StringComparison.Ordinal);
        await ImportAsync(Base);
        var plan = await PlanAsync(document);
        Assert.DoesNotContain("0123456789abcdef", plan.ToString(), StringComparison.Ordinal);
        Assert.Equal(["1 client gets other secrets: 'api'.", "1 client is changed."], plan.Summary);

        await _admin.CallAsync(new CreateClientSecretRequest { RealmId = _realmId, ClientId = "api" });
        Assert.Equal("ETAG_MISMATCH", (await _admin.RefusalAsync(Import(document, plan.PlanEtag))).Reason);
        Assert.Equal(3, (await ImportAsync(document, (await PlanAsync(document)).PlanEtag)).Revision);
    }

    [StorageFact]
    public async Task Who_loses_and_who_gains_is_told_with_the_step_that_makes_it_so()
    {
        await ImportAsync(Base);

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
        await ImportAsync(Base);

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
        await ImportAsync(Base);

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

    [StorageFact]
    public async Task The_gravest_sentence_comes_first()
    {
        await ImportAsync(Base);
        var plan = await PlanAsync(Base
            .Replace("{client_id: job,", "{client_id: job, disabled: true,", StringComparison.Ordinal)
            .Replace("role_bindings:\n", "role_bindings:\n  - {role_binding_id: rb-new, user_id: bob, role_id: iam-administrator}\n  - {user_id: bob, role_id: writer}\n", StringComparison.Ordinal)
            .Replace("acr_values: [pwd, mfa]", "acr_values: [pwd, mfa]\nscope_pipeline: {unregistered_scopes: any}", StringComparison.Ordinal));

        Assert.Equal(
            [
                "The realm's rules change by which requested scopes are granted: new tokens may carry more or fewer scopes.",
                $"1 user ('bob') gains administration of this realm: {string.Join(", ", Pltfrms.Iam.Common.Permissions.IamPermissions.Assignable.Order(StringComparer.Ordinal).Take(5))} and {Pltfrms.Iam.Common.Permissions.IamPermissions.Assignable.Count - 5} more.",
                "1 client ('job') loses 1 permission: a.read.",
                "1 client can no longer authenticate: 'job'.",
                "1 user ('bob') gains 2 permissions: a.read and a.write.",
                "1 realm and 1 client are changed.",
                "2 role bindings are made.",
            ],
            plan.Summary.Where(sentence => !sentence.Contains("other conditions", StringComparison.Ordinal)));

        Assert.Equal(
            "The realm is disabled: to the outside it no longer exists, and nothing is allowed in it.",
            (await PlanAsync("disabled: true\n" + Base)).Summary[0]);
    }

    [StorageFact]
    public async Task Live_grants_are_named_with_the_scopes_that_shrink()
    {
        await ImportAsync(Base);
        AddGrants(("g1", "ada", "api", "", "a.read a.write"), ("g2", "ada", "api", "acme", "all"), ("g3", "ada", "api", "other", "a.read"), ("g4", "bob", "api", "", "a.read"), ("g5", "eve", "spa", "", "a.read"));

        var plan = await PlanAsync(Base.Replace("group_ids: [night]", "group_ids: []", StringComparison.Ordinal));

        Assert.Equal(
            [
                "g1 ada api [a.read,a.write] What its tokens allow shrinks: a.read and a.write.",
                "g2 ada api [all] What its tokens allow shrinks: a.read and a.write.",
            ],
            plan.GrantChanges.Select(GrantLine));
        Assert.Equal(2, plan.GrantChangeCount);
        Assert.Contains("2 live grants are touched.", plan.Summary);
        Assert.Equal(["ada/", "ada/"], _tokens.Grants.Asked);
        Assert.All(_tokens.Grants.Callers, header => Assert.Equal(3, header["Bearer ".Length..].Split('.').Length));

        plan = await PlanAsync(Base.Replace("scopes: [a.read, all]", "scopes: [all]", StringComparison.Ordinal));
        Assert.Equal(["g1 ada api [a.read] The client loses 'a.read'.", "g3 ada api [a.read] The client loses 'a.read'.", "g4 bob api [a.read] The client loses 'a.read'."], plan.GrantChanges.Select(GrantLine));

        plan = await PlanAsync(Base.Replace("{scope: all, permissions: [a.read, a.write]}", "{scope: all, permissions: [a.read]}", StringComparison.Ordinal));
        Assert.Equal(["g2 ada api [all] What its tokens allow shrinks: a.write."], plan.GrantChanges.Select(GrantLine));

        plan = await PlanAsync(Base.Replace("{client_id: spa,", "{client_id: spa, disabled: true,", StringComparison.Ordinal));
        Assert.Equal(["g5 eve spa [a.read] The client is disabled, so nothing can be done with the grant."], plan.GrantChanges.Select(GrantLine));

        plan = await PlanAsync("disabled: true\n" + Base);
        Assert.Equal((5, 5L), (plan.GrantChanges.Count, plan.GrantChangeCount));
    }

    [StorageFact]
    public async Task Without_the_token_service_nothing_is_said_about_grants_that_may_be_touched()
    {
        await ImportAsync(Base);
        await _tokens.DisposeAsync();

        var losing = await _admin.RefusalAsync(new PlanImportRequest { RealmId = _realmId, Document = Whole(Base.Replace("group_ids: [night]", "group_ids: []", StringComparison.Ordinal)) });
        Assert.Equal((StatusCode.Unavailable, "SERVICE_UNAVAILABLE"), (losing.Code, losing.Reason));

        var gaining = await PlanAsync(Base.Replace("role_bindings:\n", "role_bindings:\n  - {user_id: bob, role_id: writer}\n", StringComparison.Ordinal));
        Assert.Equal(3, gaining.AccessChangeCount);
    }

    [StorageFact]
    public async Task A_thousand_changes_are_listed_and_all_are_counted()
    {
        var users = string.Concat(Enumerable.Range(0, 1_200).Select(i => $"  - {{user_id: u{i:0000}, group_ids: [night]}}\n"));
        var document = Base.Replace("users:\n", $"users:\n{users}", StringComparison.Ordinal);

        var plan = await PlanAsync(document);

        Assert.Equal((1_000, 2_404L), (plan.AccessChanges.Count, plan.AccessChangeCount));
        Assert.Equal(["job", "ada", "ada", "bob", "u0000", "u0000", "u0001"], plan.AccessChanges.Take(7).Select(change => change.UserId + change.ClientId));
        Assert.Equal("1 client and 1202 users ('job', 'ada', 'bob', 'u0000', 'u0001' and 1198 more) gain 2404 permissions: a.read and a.write.", plan.Summary[1]);
    }

    [StorageFact]
    public async Task A_wrong_document_has_no_plan()
    {
        var refusal = await _admin.RefusalAsync(new PlanImportRequest { RealmId = _realmId, Document = Whole("roles: [{role_id: r, permissions: [no.such]}]\nusrs: []") });

        Assert.Equal((StatusCode.InvalidArgument, "INVALID_REALM_DOCUMENT"), (refusal.Code, refusal.Reason));
        Assert.Equal(["roles[0].permissions[0]", "usrs"], refusal.Fields.Order(StringComparer.Ordinal));
        Assert.Equal("INVALID_ARGUMENT", (await _admin.RefusalAsync(new PlanImportRequest { RealmId = "", Document = "realm_id: x" })).Reason);
    }

    private const string Base = """
        acr_values: [pwd, mfa]
        organizations: [{organization_id: acme}, {organization_id: retail, parent_organization_id: acme}, {organization_id: other}]
        clients: [{client_id: api, client_type: web, scopes: [a.read, all]}, {client_id: job, client_type: service}, {client_id: spa, client_type: public}]
        resource_servers: [{audience: "https://api.example", client_id: api, permissions: [{permission: a.read}, {permission: a.write}]}]
        scopes: [{scope: all, permissions: [a.read, a.write]}]
        roles: [{role_id: reader, permissions: [a.read], display_name: Reader}, {role_id: writer, permissions: [a.write], included_role_ids: [reader]}]
        groups: [{group_id: staff}, {group_id: night, parent_group_ids: [staff]}]
        users:
          - {user_id: ada, organization_ids: [acme], group_ids: [night]}
          - {user_id: bob}
        role_bindings:
          - {role_binding_id: rb-job, client_id: job, role_id: reader}
          - {role_binding_id: rb-staff, group_id: staff, role_id: writer, organization_id: acme}
          - {role_binding_id: rb-bob, user_id: bob, role_id: reader, organization_id: retail, conditions: {min_acr: mfa}}

        """;

    private void AddGrants(params (string GrantId, string UserId, string ClientId, string OrganizationId, string Scopes)[] grants) =>
        _tokens.Grants.Grants.AddRange(grants.Select(grant => new Grant
        {
            RealmId = _realmId,
            GrantId = grant.GrantId,
            UserId = grant.UserId,
            ClientId = grant.ClientId,
            OrganizationId = grant.OrganizationId,
            Scopes = { grant.Scopes.Split(' ') },
        }));

    private static string GrantLine(GrantChange change) =>
        $"{change.GrantId} {change.UserId} {change.ClientId} [{string.Join(',', change.Scopes)}] {change.Reason}";

    private async Task<IReadOnlyList<string>> LinesAsync(string old, string changed)
    {
        var document = Base.Replace(old, changed, StringComparison.Ordinal);
        Assert.NotEqual(Base, document);
        return [.. Lines(await PlanAsync(document))];
    }

    private static bool StartsAlike(string expected, string actual) => actual.StartsWith(expected, StringComparison.Ordinal);

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
