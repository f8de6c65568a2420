using Grpc.Core;
using Pltfrms.Iam.RealmAdmin.V1;
using Pltfrms.Iam.Token.V1;
using RealmAdmin.Tests.Storage;
using RealmAdmin.Tests.Writes;
using Testing.Databases;

namespace RealmAdmin.Tests.Delegation;

/// <summary>What the administrator of acme, and of retail below it, asks about access, and what it may not know.</summary>
public abstract class OrganizationQuestionsContract(TestDatabase fixture) : IAsyncLifetime
{
    private static readonly Metadata Org = DelegationRealm.User("org");

    private DelegationServer _server = null!;

    private AdminCalls Calls => _server.Calls;

    public async Task InitializeAsync() => _server = await DelegationServer.SharedAsync(fixture);

    public Task DisposeAsync() => Task.CompletedTask;

    [StorageFact]
    public async Task What_somebody_may_do_in_the_organization_or_below_it_is_answered()
    {
        var above = await EffectiveAsync("ada", "acme");
        var below = await EffectiveAsync("ada", "retail");

        Assert.Equal(["b.read: ada-limited"], Lines(above));
        Assert.Equal(["a.read: ada-reader", "b.read: ada-limited"], Lines(below));
        // Those of the realm reach into the organization, so its administrator learns of them.
        Assert.Equal(["a.read: mallory-reader", "a.read: mallory-writer", "a.write: mallory-writer"], Lines(await EffectiveAsync("mallory", "acme")).Where(line => line[0] == 'a'));
    }

    [StorageFact]
    public async Task Who_may_do_something_in_the_organization_or_below_it_is_answered()
    {
        Assert.Equal(["guarded", "hurried", "mallory", "org"], await HoldersAsync("acme"));
        Assert.Equal(["ada", "guarded", "hurried", "mallory", "org"], await HoldersAsync("retail"));
    }

    [StorageTheory]
    [InlineData("")]
    [InlineData("globex")]
    [InlineData("lab")]
    [InlineData("not-there")]
    public async Task Of_other_places_nothing_is_answered(string organizationId)
    {
        var effective = await Calls.RefusalAsync(
            new ListEffectivePermissionsRequest { RealmId = _server.RealmId, UserId = "ada", OrganizationId = organizationId }, Org);
        var holders = await Calls.RefusalAsync(
            new ListPrincipalsWithPermissionRequest { RealmId = _server.RealmId, Permission = "a.read", OrganizationId = organizationId }, Org);

        Assert.Equal(("PERMISSION_DENIED", "PERMISSION_DENIED"), (effective.Reason, holders.Reason));
    }

    [StorageFact]
    public async Task What_a_write_within_the_organization_would_mean_there_is_told()
    {
        var preview = await PreviewAsync(Bind("rita", "retail"));

        Assert.Equal(["rita gains a.read in retail"], Changes(preview));
        Assert.Equal(("role_binding", "new"), (Assert.Single(preview.Changes).ResourceKind, preview.Changes[0].ResourceId));
        Assert.Equal((1L, 0L), (preview.AccessChangeCount, preview.GrantChangeCount));
        Assert.Contains("1 user ('rita') gains 1 permission: a.read.", preview.Summary);
        Assert.Equal("RESOURCE_NOT_FOUND", (await Calls.RefusalAsync(_server.InRealm(new GetRoleBindingRequest { RoleBindingId = "new" }))).Reason);
    }

    [StorageFact]
    public async Task What_reaches_into_the_organization_from_above_is_told_as_of_the_organization()
    {
        await Calls.CallAsync(_server.InRealm(new CreateRoleBindingRequest { RoleBinding = new() { RoleBindingId = "far", UserId = "rita", RoleId = "reader" } }));
        await Calls.CallAsync(_server.InRealm(new CreateRoleBindingRequest { RoleBinding = new() { RoleBindingId = "farther", UserId = "rita", RoleId = "secret-keeper", OrganizationId = "globex" } }));

        var preview = await PreviewAsync(new WriteOperation
        {
            UpdateUser = new() { User = new() { UserId = "rita", Disabled = true }, UpdateMask = new() { Paths = { "disabled" } } },
        });

        Assert.Equal(["rita loses a.read in acme"], Changes(preview));
        Assert.DoesNotContain("globex", preview.ToString(), StringComparison.Ordinal);
    }

    [StorageFact]
    public async Task Who_does_not_belong_to_the_organization_is_not_named()
    {
        await Calls.CallAsync(_server.InRealm(new UpdateUserRequest
        {
            User = new() { UserId = "gil", GroupIds = { "acme-staff" } },
            UpdateMask = new() { Paths = { "group_ids" } },
        }));

        var preview = await PreviewAsync(new WriteOperation
        {
            CreateRoleBinding = new() { RoleBinding = new() { RoleBindingId = "new", GroupId = "acme-staff", RoleId = "reader", OrganizationId = "acme" } },
        });

        Assert.Equal(["ada gains a.read in acme", "both gains a.read in acme"], Changes(preview));
        Assert.Equal(2, preview.AccessChangeCount);
        Assert.DoesNotContain("gil", preview.ToString(), StringComparison.Ordinal);
    }

    [StorageFact]
    public async Task Of_a_shared_user_what_is_out_of_reach_is_not_shown()
    {
        var preview = await PreviewAsync(new WriteOperation
        {
            UpdateUser = new() { User = new() { UserId = "both" }, UpdateMask = new() { Paths = { "organization_ids", "group_ids" } } },
        });

        Assert.Equal(
            [("group_ids", """["acme-staff"]""", "[]"), ("organization_ids", """["acme"]""", "[]")],
            Assert.Single(preview.Changes).Fields.Select(field => (field.Field, field.Before, field.After)).Order());
        Assert.DoesNotContain("globex", preview.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("\"staff\"", preview.ToString(), StringComparison.Ordinal);
    }

    [StorageFact]
    public async Task Grants_that_are_tied_to_the_organization_are_told_and_no_others()
    {
        foreach (var (grantId, organizationId) in new[] { ("g-acme", "acme"), ("g-retail", "retail"), ("g-globex", "globex"), ("g-none", "") })
        {
            _server.Grants.Grants.Add(new Grant
            {
                RealmId = _server.RealmId,
                GrantId = grantId,
                UserId = "ada",
                ClientId = "plain",
                OrganizationId = organizationId,
                Scopes = { "a.read" },
            });
        }

        var preview = await PreviewAsync(new WriteOperation { DeleteRoleBinding = new() { RoleBindingId = "ada-reader" } });

        Assert.Equal(["ada loses a.read in retail"], Changes(preview));
        Assert.Equal((["g-acme", "g-retail"], 2L), (preview.GrantChanges.Select(change => change.GrantId).ToArray(), preview.GrantChangeCount), Same);
    }

    [StorageFact]
    public async Task What_the_administrator_could_not_do_is_not_previewed_either()
    {
        string[] reasons =
        [
            (await RefusalAsync(Bind("rita", "globex"))).Reason,
            (await RefusalAsync(Bind("rita", ""))).Reason,
            (await RefusalAsync(Bind("rita", "retail", "secret-keeper"))).Reason,
            (await RefusalAsync(new WriteOperation { DeleteUser = new() { UserId = "gil" } })).Reason,
            (await RefusalAsync(new WriteOperation { UpdateRole = new() { Role = new() { RoleId = "reader" } } })).Reason,
        ];

        Assert.Equal(["DANGLING_REFERENCE", "PERMISSION_DENIED", "GRANT_EXCEEDS_OWN", "RESOURCE_NOT_FOUND", "PERMISSION_DENIED"], reasons);
    }

    private static bool Same((string[] Ids, long Count) left, (string[] Ids, long Count) right) => left.Ids.SequenceEqual(right.Ids) && left.Count == right.Count;

    private static WriteOperation Bind(string userId, string organizationId, string roleId = "reader") => new()
    {
        CreateRoleBinding = new() { RoleBinding = new() { RoleBindingId = "new", UserId = userId, RoleId = roleId, OrganizationId = organizationId } },
    };

    private static IEnumerable<string> Changes(PreviewWritesResponse preview) => preview.AccessChanges.Select(change =>
        $"{change.UserId}{change.ClientId} {(change.Effect == AccessEffect.Gained ? "gains" : "loses")} {change.Permission} in {change.OrganizationId}");

    private static IEnumerable<string> Lines(ListEffectivePermissionsResponse answer) =>
        answer.Permissions.SelectMany(item => item.Paths.Select(path => $"{item.Permission}: {path.RoleBindingId}")).Distinct().Order(StringComparer.Ordinal);

    private async Task<PreviewWritesResponse> PreviewAsync(WriteOperation operation) =>
        await Calls.CallAsync<PreviewWritesResponse>(Preview(operation), Org);

    private Task<Refusal> RefusalAsync(WriteOperation operation) => Calls.RefusalAsync(Preview(operation), Org);

    private PreviewWritesRequest Preview(WriteOperation operation) => new() { RealmId = _server.RealmId, Operations = { operation } };

    private async Task<ListEffectivePermissionsResponse> EffectiveAsync(string userId, string organizationId) =>
        await Calls.CallAsync<ListEffectivePermissionsResponse>(
            new ListEffectivePermissionsRequest { RealmId = _server.RealmId, UserId = userId, OrganizationId = organizationId }, Org);

    private async Task<IEnumerable<string>> HoldersAsync(string organizationId)
    {
        var request = new ListPrincipalsWithPermissionRequest { RealmId = _server.RealmId, Permission = "a.read", OrganizationId = organizationId };
        return (await Calls.CallAsync<ListPrincipalsWithPermissionResponse>(request, Org)).Principals.Select(holder => holder.UserId);
    }
}

public sealed class SqliteOrganizationQuestionsTests(SqliteRealmAdminDatabase fixture) : OrganizationQuestionsContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresOrganizationQuestionsTests(PostgresRealmAdminDatabase fixture) : OrganizationQuestionsContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
