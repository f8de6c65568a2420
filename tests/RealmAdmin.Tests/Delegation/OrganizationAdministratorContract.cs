using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Pltfrms.Iam.RealmAdmin.V1;
using RealmAdmin.Tests.Storage;
using RealmAdmin.Tests.Writes;
using Testing.Databases;

namespace RealmAdmin.Tests.Delegation;

/// <summary>Who administers an organization sees and changes what belongs to it and to those below it, and nothing else.</summary>
public abstract class OrganizationAdministratorContract(TestDatabase fixture) : IAsyncLifetime
{
    private static readonly Metadata Org = DelegationRealm.User("org");

    private DelegationServer _server = null!;

    private AdminCalls Calls => _server.Calls;

    public async Task InitializeAsync()
    {
        _server = await DelegationServer.SharedAsync(fixture);
        // Somebody had these ids before.
        await Calls.CallAsync(_server.InRealm(new BatchWriteRequest
        {
            Operations =
            {
                new WriteOperation { CreateOrganization = new() { Organization = new() { OrganizationId = "gone" } } },
                new WriteOperation { CreateUser = new() { User = new() { UserId = "gone" } } },
                new WriteOperation { CreateClient = new() { Client = new() { ClientId = "gone", ClientType = ClientType.Web } } },
                new WriteOperation { DeleteOrganization = new() { OrganizationId = "gone" } },
                new WriteOperation { DeleteUser = new() { UserId = "gone" } },
                new WriteOperation { DeleteClient = new() { ClientId = "gone" } },
            },
        }));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [StorageTheory]
    [MemberData(nameof(OrganizationWrites.Names), MemberType = typeof(OrganizationWrites))]
    public async Task A_write_ends_as_it_should(string write)
    {
        var (request, ending) = OrganizationWrites.All[write];
        var before = await Calls.RevisionAsync(_server.RealmId);

        if (ending == OrganizationWrites.Done)
        {
            await Calls.CallAsync(_server.InRealm(request), Org);
            return;
        }

        var refusal = await Calls.RefusalAsync(_server.InRealm(request), Org);

        Assert.Equal(ending, refusal.Reason);
        Assert.Equal(before, await Calls.RevisionAsync(_server.RealmId));
    }

    [StorageFact]
    public async Task Lists_have_what_belongs_to_the_organization_and_no_more()
    {
        Assert.Equal(["acme", "outlet", "retail"], (await ListAsync<ListOrganizationsResponse>(new ListOrganizationsRequest())).Organizations.Select(o => o.OrganizationId));
        Assert.Equal(["ada", "both", "org", "rita"], (await ListAsync<ListUsersResponse>(new ListUsersRequest())).Users.Select(u => u.UserId));
        Assert.Equal(["acme-staff"], (await ListAsync<ListGroupsResponse>(new ListGroupsRequest())).Groups.Select(g => g.GroupId));
        Assert.Equal(["shop"], (await ListAsync<ListClientsResponse>(new ListClientsRequest())).Clients.Select(c => c.ClientId));
        Assert.Equal(["shop"], (await ListAsync<ListClientsResponse>(new ListClientsRequest { ClientType = ClientType.Web })).Clients.Select(c => c.ClientId));
        Assert.Equal(
            ["ada-limited", "ada-reader", "mallory-writer", "org-clerk", "org-reader"],
            (await ListAsync<ListRoleBindingsResponse>(new ListRoleBindingsRequest())).RoleBindings.Select(b => b.RoleBindingId));
        Assert.Equal(["ada-away"], (await ListAsync<ListDelegationsResponse>(new ListDelegationsRequest())).Delegations.Select(d => d.DelegationId));
        Assert.Equal(["clerk", "reader", "secret-keeper", "writer"], (await ListAsync<ListRolesResponse>(new ListRolesRequest())).Roles.Select(r => r.RoleId));
    }

    [StorageFact]
    public async Task Filters_find_nothing_of_others()
    {
        // Not even of those who are seen: who is in globex, too, is nothing to be found out.
        Assert.Empty((await ListAsync<ListUsersResponse>(new ListUsersRequest { OrganizationId = "globex" })).Users);
        Assert.Empty((await ListAsync<ListUsersResponse>(new ListUsersRequest { GroupId = "globex-staff" })).Users);
        Assert.Empty((await ListAsync<ListUsersResponse>(new ListUsersRequest { GroupId = "staff" })).Users);
        Assert.Empty((await ListAsync<ListUsersResponse>(new ListUsersRequest { GroupId = "acme-staff", OrganizationId = "globex" })).Users);
        Assert.Equal(["ada", "both"], (await ListAsync<ListUsersResponse>(new ListUsersRequest { GroupId = "acme-staff" })).Users.Select(u => u.UserId));
        Assert.Equal(["rita"], (await ListAsync<ListUsersResponse>(new ListUsersRequest { OrganizationId = "retail" })).Users.Select(u => u.UserId));
        Assert.Empty((await ListAsync<ListClientsResponse>(new ListClientsRequest { OwnerOrganizationId = "globex" })).Clients);
        Assert.Empty((await ListAsync<ListDelegationsResponse>(new ListDelegationsRequest { DelegatorId = "gil" })).Delegations);
        Assert.Empty((await ListAsync<ListDelegationsResponse>(new ListDelegationsRequest { DelegateUserId = "both" })).Delegations);
        Assert.Empty((await ListAsync<ListRoleBindingsResponse>(new ListRoleBindingsRequest { UserId = "gil" })).RoleBindings);
        Assert.Empty((await ListAsync<ListRoleBindingsResponse>(new ListRoleBindingsRequest { OrganizationId = "globex" })).RoleBindings);
        Assert.Equal(
            ["mallory-writer"], (await ListAsync<ListRoleBindingsResponse>(new ListRoleBindingsRequest { UserId = "mallory" })).RoleBindings.Select(b => b.RoleBindingId));
    }

    [StorageFact]
    public async Task Pages_are_full_and_have_everything_once()
    {
        List<string> seen = [];
        var request = new ListUsersRequest { PageSize = 1 };
        do
        {
            var page = await ListAsync<ListUsersResponse>(request);
            seen.Add(Assert.Single(page.Users).UserId);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);

        Assert.Equal(["ada", "both", "org", "rita"], seen);
    }

    [StorageFact]
    public async Task What_is_not_seen_is_not_there()
    {
        IMessage[] hidden =
        [
            new GetUserRequest { UserId = "gil" }, new GetUserRequest { UserId = "nobody" }, new GetGroupRequest { GroupId = "staff" },
            new GetGroupRequest { GroupId = "globex-staff" }, new GetClientRequest { ClientId = "plain" }, new GetClientRequest { ClientId = "lab-tool" },
            new GetOrganizationRequest { OrganizationId = "globex" }, new GetRoleBindingRequest { RoleBindingId = "mallory-reader" },
            new GetRoleBindingRequest { RoleBindingId = "globex-keeper" }, new GetUserRequest { UserId = "not-there" },
        ];

        foreach (var request in hidden)
        {
            var refusal = await Calls.RefusalAsync(_server.InRealm(request), Org);
            Assert.Equal((StatusCode.NotFound, "RESOURCE_NOT_FOUND"), (refusal.Code, refusal.Reason));
        }
    }

    [StorageFact]
    public async Task Of_a_shared_user_only_what_is_within_reach_is_shown_and_the_rest_stays_as_it_is()
    {
        var shown = (await Calls.CallAsync<GetUserResponse>(_server.InRealm(new GetUserRequest { UserId = "both" }), Org)).User;
        Assert.Equal(("acme", "acme-staff"), (Assert.Single(shown.OrganizationIds), Assert.Single(shown.GroupIds)));

        var update = new UpdateUserRequest { User = new() { UserId = "both", OrganizationIds = { "retail" }, Etag = shown.Etag } };
        var answer = (await Calls.CallAsync<UpdateUserResponse>(_server.InRealm(update), Org)).User;

        Assert.Equal(("retail", 0), (Assert.Single(answer.OrganizationIds), answer.GroupIds.Count));
        var stored = (await Calls.CallAsync<GetUserResponse>(_server.InRealm(new GetUserRequest { UserId = "both" }))).User;
        Assert.Equal(["globex", "retail"], stored.OrganizationIds);
        Assert.Equal(["globex-staff", "staff"], stored.GroupIds);
    }

    [StorageFact]
    public async Task Who_refers_to_a_resource_is_named_as_far_as_it_is_seen()
    {
        await Calls.CallAsync(_server.InRealm(new CreateRoleBindingRequest { RoleBinding = new() { RoleBindingId = "far", UserId = "rita", RoleId = "reader", OrganizationId = "globex" } }));
        await Calls.CallAsync(_server.InRealm(new CreateRoleBindingRequest { RoleBinding = new() { RoleBindingId = "near", UserId = "rita", RoleId = "reader", OrganizationId = "retail" } }));

        var refusal = await Calls.RefusalAsync(_server.InRealm(new DeleteUserRequest { UserId = "rita" }), Org);
        var cascade = await Calls.RefusalAsync(_server.InRealm(new DeleteUserRequest { UserId = "rita", Cascade = true }), Org);

        Assert.Equal(("RESOURCE_IN_USE", "2"), (refusal.Reason, refusal.Metadata["referrers"]));
        Assert.Equal("role_binding 'near'", Assert.Single(refusal.Violations).Description);
        Assert.Equal("PERMISSION_DENIED", cascade.Reason);
    }

    /// <summary>Root may do everything in the realm, but not with a token that is tied to acme.</summary>
    [StorageFact]
    public async Task A_token_that_is_tied_to_an_organization_ends_there_whatever_its_principal_may_do()
    {
        var tied = DelegationRealm.Bearer($$"""{"sub":"root","client_id":"root","scope":"{{DelegationRealm.AllScopes}} iam.realms.write iam.realms.read","organization_id":"acme"}""");

        Assert.Equal(["shop"], (await ListAsync<ListClientsResponse>(new ListClientsRequest(), tied)).Clients.Select(c => c.ClientId));
        await Calls.CallAsync(_server.InRealm(new CreateRoleBindingRequest { RoleBinding = new() { UserId = "ada", RoleId = "secret-keeper", OrganizationId = "acme" } }), tied);
        Assert.Equal("PERMISSION_DENIED", (await Calls.RefusalAsync(_server.InRealm(new CreateRoleBindingRequest { RoleBinding = new() { UserId = "ada", RoleId = "reader" } }), tied)).Reason);
        Assert.Equal("PERMISSION_DENIED", (await Calls.RefusalAsync(_server.InRealm(new ExportRealmRequest()), tied)).Reason);
    }

    [StorageFact]
    public async Task Rights_in_a_disabled_organization_are_none()
    {
        await Calls.CallAsync(_server.InRealm(new UpdateOrganizationRequest { Organization = new() { OrganizationId = "acme", Disabled = true }, UpdateMask = new FieldMask { Paths = { "disabled" } } }));

        Assert.Equal("PERMISSION_DENIED", (await Calls.RefusalAsync(_server.InRealm(new ListUsersRequest()), Org)).Reason);
    }

    [StorageFact]
    public async Task A_disabled_administrator_has_no_rights()
    {
        await Calls.CallAsync(_server.InRealm(new UpdateUserRequest { User = new() { UserId = "org", Disabled = true }, UpdateMask = new FieldMask { Paths = { "disabled" } } }));

        Assert.Equal("PERMISSION_DENIED", (await Calls.RefusalAsync(_server.InRealm(new ListUsersRequest()), Org)).Reason);
    }

    private Task<T> ListAsync<T>(IMessage request)
        where T : IMessage => ListAsync<T>(request, Org);

    private Task<T> ListAsync<T>(IMessage request, Metadata caller)
        where T : IMessage => Calls.CallAsync<T>(_server.InRealm(request), caller);
}

public sealed class SqliteOrganizationAdministratorTests(SqliteRealmAdminDatabase fixture)
    : OrganizationAdministratorContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresOrganizationAdministratorTests(PostgresRealmAdminDatabase fixture)
    : OrganizationAdministratorContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
