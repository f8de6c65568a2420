using Grpc.Core;
using Pltfrms.Iam.RealmAdmin.V1;
using RealmAdmin.Tests.Storage;
using RealmAdmin.Tests.Writes;
using Testing.Databases;

namespace RealmAdmin.Tests.Plans;

/// <summary>What an import would mean, asked over a real port, and how long that holds.</summary>
public abstract class PlanImportContract(TestDatabase fixture) : IAsyncLifetime
{
    private PlanBench _bench = null!;

    public async Task InitializeAsync() => _bench = await PlanBench.StartAsync(fixture);

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [StorageFact]
    public async Task A_plan_for_a_new_realm_says_who_gains_what_and_makes_nothing()
    {
        var plan = await _bench.PlanAsync(AdminCalls.Base);

        Assert.Equal((0L, 1L, 0L), (plan.Revision, plan.AccessChangeCount, plan.GrantChangeCount));
        Assert.Equal(
            ["user ada acme a.read GAINED: The user is new. Afterwards: role binding 'rb' gives role 'reader' in organization 'acme' to the user."],
            PlanBench.Lines(plan));
        Assert.Equal(
            [
                $"The realm '{_bench.RealmId}' is made.",
                "1 user ('ada') gains 1 permission: a.read.",
                "1 realm, 1 client, 1 resource server, 1 scope, 2 roles, 2 groups, 2 organizations, 1 user and 1 role binding are made.",
            ],
            plan.Summary);
        Assert.Equal("REALM_NOT_FOUND", (await _bench.Admin.RefusalAsync(new GetRealmRequest { RealmId = _bench.RealmId })).Reason);
        Assert.Empty(_bench.Tokens.Grants.Asked);
    }

    [StorageFact]
    public async Task What_was_planned_is_imported_once_and_then_the_plan_is_over()
    {
        var plan = await _bench.PlanAsync(AdminCalls.Base);
        Assert.Equal(plan.PlanEtag, (await _bench.PlanAsync(AdminCalls.Base)).PlanEtag);

        var import = await _bench.ImportAsync(AdminCalls.Base, plan.PlanEtag);
        Assert.Equal(plan.Changes, import.Changes);

        var again = await _bench.Admin.RefusalAsync(_bench.Import(AdminCalls.Base, plan.PlanEtag));
        Assert.Equal((StatusCode.Aborted, "ETAG_MISMATCH", "plan_etag"), (again.Code, again.Reason, Assert.Single(again.Fields)));
        var nothing = await _bench.PlanAsync(AdminCalls.Base);
        Assert.Equal(("Nothing changes.", 1L, 0), (Assert.Single(nothing.Summary), nothing.Revision, nothing.Changes.Count));
        Assert.Equal(1, (await _bench.ImportAsync(AdminCalls.Base, nothing.PlanEtag)).Revision);
    }

    [StorageFact]
    public async Task A_plan_is_over_when_the_realm_changes_so_that_the_import_would_do_anything_else()
    {
        await _bench.ImportAsync(PlanBench.Base);
        var document = PlanBench.Base.Replace("display_name: Reader", "display_name: Leser", StringComparison.Ordinal);
        var plan = await _bench.PlanAsync(document);

        // What the document takes back would be lost without anybody having seen it.
        await _bench.Admin.CallAsync(new CreateRoleRequest { RealmId = _bench.RealmId, Role = new() { RoleId = "meanwhile" } });
        Assert.Equal("ETAG_MISMATCH", (await _bench.Admin.RefusalAsync(_bench.Import(document, plan.PlanEtag))).Reason);
        var dry = _bench.Import(document, plan.PlanEtag);
        dry.DryRun = true;
        Assert.Equal("ETAG_MISMATCH", (await _bench.Admin.RefusalAsync(dry)).Reason);
        Assert.Equal(2, await _bench.Admin.RevisionAsync(_bench.RealmId));

        // It is back to what it was; and secrets are not the document's business.
        await _bench.Admin.CallAsync(new DeleteRoleRequest { RealmId = _bench.RealmId, RoleId = "meanwhile" });
        await _bench.Admin.CallAsync(new CreateClientSecretRequest { RealmId = _bench.RealmId, ClientId = "api" });
        Assert.Equal(5, (await _bench.ImportAsync(document, plan.PlanEtag)).Revision);

        // Another document, though it means the same.
        plan = await _bench.PlanAsync(PlanBench.Base);
        Assert.Equal("ETAG_MISMATCH", (await _bench.Admin.RefusalAsync(_bench.Import(PlanBench.Base + "\n# the same", plan.PlanEtag))).Reason);
        Assert.Equal("ETAG_MISMATCH", (await _bench.Admin.RefusalAsync(_bench.Import(PlanBench.Base, "garbage"))).Reason);
        Assert.Equal(5, await _bench.Admin.RevisionAsync(_bench.RealmId));
    }

    [StorageFact]
    public async Task A_plan_follows_secrets_that_the_document_sets()
    {
        var document = PlanBench.Base.Replace("{client_id: api,", "{client_id: api, secrets: [{secret_id: s, secret: 0123456789abcdef0123456789abcdef}],", StringComparison.Ordinal);
        await _bench.ImportAsync(PlanBench.Base);
        var plan = await _bench.PlanAsync(document);
        Assert.DoesNotContain("0123456789abcdef", plan.ToString(), StringComparison.Ordinal);
        Assert.Equal(["1 client gets other secrets: 'api'.", "1 client is changed."], plan.Summary);

        await _bench.Admin.CallAsync(new CreateClientSecretRequest { RealmId = _bench.RealmId, ClientId = "api" });
        Assert.Equal("ETAG_MISMATCH", (await _bench.Admin.RefusalAsync(_bench.Import(document, plan.PlanEtag))).Reason);
        Assert.Equal(3, (await _bench.ImportAsync(document, (await _bench.PlanAsync(document)).PlanEtag)).Revision);
    }

    [StorageFact]
    public async Task The_gravest_sentence_comes_first()
    {
        await _bench.ImportAsync(PlanBench.Base);
        var plan = await _bench.PlanAsync(PlanBench.Base
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
            (await _bench.PlanAsync("disabled: true\n" + PlanBench.Base)).Summary[0]);
    }

    [StorageFact]
    public async Task A_thousand_changes_are_listed_and_all_are_counted()
    {
        var users = string.Concat(Enumerable.Range(0, 1_200).Select(i => $"  - {{user_id: u{i:0000}, group_ids: [night]}}\n"));
        var document = PlanBench.Base.Replace("users:\n", $"users:\n{users}", StringComparison.Ordinal);

        var plan = await _bench.PlanAsync(document);

        Assert.Equal((1_000, 2_404L), (plan.AccessChanges.Count, plan.AccessChangeCount));
        Assert.Equal(["job", "ada", "ada", "bob", "u0000", "u0000", "u0001"], plan.AccessChanges.Take(7).Select(change => change.UserId + change.ClientId));
        Assert.Equal("1 client and 1202 users ('job', 'ada', 'bob', 'u0000', 'u0001' and 1198 more) gain 2404 permissions: a.read and a.write.", plan.Summary[1]);
    }

    [StorageFact]
    public async Task A_wrong_document_has_no_plan()
    {
        var refusal = await _bench.Admin.RefusalAsync(new PlanImportRequest { RealmId = _bench.RealmId, Document = _bench.Whole("roles: [{role_id: r, permissions: [no.such]}]\nusrs: []") });

        Assert.Equal((StatusCode.InvalidArgument, "INVALID_REALM_DOCUMENT"), (refusal.Code, refusal.Reason));
        Assert.Equal(["roles[0].permissions[0]", "usrs"], refusal.Fields.Order(StringComparer.Ordinal));
        Assert.Equal("INVALID_ARGUMENT", (await _bench.Admin.RefusalAsync(new PlanImportRequest { RealmId = "", Document = "realm_id: x" })).Reason);
    }
}

public sealed class SqlitePlanImportTests(SqliteRealmAdminDatabase fixture) : PlanImportContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresPlanImportTests(PostgresRealmAdminDatabase fixture)
    : PlanImportContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
