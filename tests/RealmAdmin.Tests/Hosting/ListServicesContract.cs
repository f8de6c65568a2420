using Pltfrms.Iam.RealmAdmin.V1;
using RealmAdmin.Tests.Documents;
using RealmAdmin.Tests.Storage;
using Testing.Databases;

namespace RealmAdmin.Tests.Hosting;

/// <summary>Lists over a real port: pages, their tokens and filters.</summary>
public abstract class ListServicesContract(TestDatabase fixture) : IAsyncLifetime
{
    private RealmAdminServer _server = null!;

    public async Task InitializeAsync() => _server = await RealmAdminServer.SharedWithDemoAsync(fixture);

    public Task DisposeAsync() => Task.CompletedTask;

    [StorageFact]
    public async Task Lists_come_in_pages_that_fit_together()
    {
        var clients = new ClientService.ClientServiceClient(_server.Channel);
        List<string> ids = [];
        List<int> sizes = [];
        var token = "";
        do
        {
            var page = await clients.ListClientsAsync(new() { RealmId = DemoRealm.Id, PageSize = 4, PageToken = token }, RealmAdminServer.Operator);
            ids.AddRange(page.Clients.Select(client => client.ClientId));
            sizes.Add(page.Clients.Count);
            Assert.Equal(1, page.Revision);
            token = page.NextPageToken;
        }
        while (token.Length > 0);

        Assert.Equal(["demo-api", "demo-operator", "demo-service", "demo-spa", "demo-tv", "demo-web"], ids);
        Assert.Equal([4, 2], sizes);
    }

    [StorageFact]
    public async Task A_list_that_fits_exactly_has_no_next_page()
    {
        var page = await new RoleService.RoleServiceClient(_server.Channel)
            .ListRolesAsync(new() { RealmId = DemoRealm.Id, PageSize = 3 }, RealmAdminServer.Operator);

        Assert.Equal(["accountant", "approver", "viewer"], page.Roles.Select(role => role.RoleId));
        Assert.Equal("", page.NextPageToken);
    }

    [StorageFact]
    public async Task Users_are_listed_by_group_and_all_other_kinds_are_listed_too()
    {
        var (channel, headers) = (_server.Channel, RealmAdminServer.Operator);
        var users = new UserService.UserServiceClient(channel);

        Assert.Equal(["alice"], (await users.ListUsersAsync(new() { RealmId = DemoRealm.Id, GroupId = "accountants" }, headers)).Users.Select(user => user.UserId));
        Assert.Equal(3, (await users.ListUsersAsync(new() { RealmId = DemoRealm.Id }, headers)).Users.Count);
        Assert.Single((await new GroupService.GroupServiceClient(channel).ListGroupsAsync(new() { RealmId = DemoRealm.Id }, headers)).Groups);
        Assert.Equal(3, (await new OrganizationService.OrganizationServiceClient(channel).ListOrganizationsAsync(new() { RealmId = DemoRealm.Id }, headers)).Organizations.Count);
        Assert.Single((await new ResourceServerService.ResourceServerServiceClient(channel).ListResourceServersAsync(new() { RealmId = DemoRealm.Id }, headers)).ResourceServers);
        Assert.Empty((await new ScopeService.ScopeServiceClient(channel).ListScopesAsync(new() { RealmId = DemoRealm.Id }, headers)).Scopes);
        Assert.Equal(6, (await new RoleBindingService.RoleBindingServiceClient(channel).ListRoleBindingsAsync(new() { RealmId = DemoRealm.Id }, headers)).RoleBindings.Count);
        Assert.Contains(DemoRealm.Id, (await _server.Realms.ListRealmsAsync(new(), headers)).Realms.Select(realm => realm.RealmId));
    }

    [StorageFact]
    public async Task Filters_narrow_each_other()
    {
        const string realmId = "filters";
        await _server.ImportAsync(realmId, $$"""
            realm_id: {{realmId}}
            organizations: [{organization_id: acme}, {organization_id: globex}]
            groups: [{group_id: g}, {group_id: h}]
            users:
              - {user_id: a, group_ids: [g], organization_ids: [acme]}
              - {user_id: b, group_ids: [g, h], organization_ids: [acme, globex]}
              - {user_id: c, group_ids: [g], organization_ids: [globex]}
              - {user_id: d, organization_ids: [acme]}
            clients:
              - {client_id: one, client_type: web, owner_organization_id: acme}
              - {client_id: three, client_type: service, owner_organization_id: acme}
              - {client_id: two, client_type: web}
            roles: [{role_id: r}, {role_id: s}]
            role_bindings:
              - {role_binding_id: rb1, user_id: a, role_id: r, organization_id: acme}
              - {role_binding_id: rb2, user_id: a, role_id: s, organization_id: acme}
              - {role_binding_id: rb3, user_id: a, role_id: r}
              - {role_binding_id: rb4, group_id: g, role_id: r, organization_id: acme}
            """);
        var (channel, headers) = (_server.Channel, RealmAdminServer.Operator);
        var users = new UserService.UserServiceClient(channel);
        var clients = new ClientService.ClientServiceClient(channel);
        var bindings = new RoleBindingService.RoleBindingServiceClient(channel);

        var both = await users.ListUsersAsync(new() { RealmId = realmId, GroupId = "g", OrganizationId = "acme", PageSize = 1 }, headers);
        var rest = await users.ListUsersAsync(new() { RealmId = realmId, GroupId = "g", OrganizationId = "acme", PageSize = 1, PageToken = both.NextPageToken }, headers);
        Assert.Equal(("a", "b", ""), (Assert.Single(both.Users).UserId, Assert.Single(rest.Users).UserId, rest.NextPageToken));
        Assert.Equal((["g", "h"], ["acme", "globex"]), (rest.Users[0].GroupIds.ToArray(), rest.Users[0].OrganizationIds.ToArray()), Same);
        Assert.Equal("INVALID_PAGE_TOKEN", await Refusals.ReasonAsync(async () =>
            await users.ListUsersAsync(new() { RealmId = realmId, GroupId = "g", PageToken = both.NextPageToken }, headers)));
        Assert.Empty((await users.ListUsersAsync(new() { RealmId = realmId, GroupId = "nobody", OrganizationId = "acme" }, headers)).Users);

        Assert.Equal(["one", "three"], (await clients.ListClientsAsync(new() { RealmId = realmId, OwnerOrganizationId = "acme" }, headers)).Clients.Select(client => client.ClientId));
        Assert.Equal(
            ["one"],
            (await clients.ListClientsAsync(new() { RealmId = realmId, OwnerOrganizationId = "acme", ClientType = ClientType.Web }, headers)).Clients.Select(client => client.ClientId));
        Assert.Equal(["one", "two"], (await clients.ListClientsAsync(new() { RealmId = realmId, ClientType = ClientType.Web }, headers)).Clients.Select(client => client.ClientId));

        var bound = await bindings.ListRoleBindingsAsync(new() { RealmId = realmId, UserId = "a", RoleId = "r", OrganizationId = "acme" }, headers);
        Assert.Equal("rb1", Assert.Single(bound.RoleBindings).RoleBindingId);
    }

    private static bool Same((string[] Groups, string[] Organizations) left, (string[] Groups, string[] Organizations) right) =>
        left.Groups.SequenceEqual(right.Groups) && left.Organizations.SequenceEqual(right.Organizations);

    [StorageTheory]
    [InlineData("garbage!")]
    [InlineData("AAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAA")]
    public async Task A_page_token_that_nobody_gave_is_refused(string token) => Assert.Equal(
        "INVALID_PAGE_TOKEN",
        await Refusals.ReasonAsync(async () => await new ClientService.ClientServiceClient(_server.Channel)
            .ListClientsAsync(new() { RealmId = DemoRealm.Id, PageToken = token }, RealmAdminServer.Operator)));

    [StorageFact]
    public async Task A_page_token_of_another_query_is_refused()
    {
        var (channel, headers) = (_server.Channel, RealmAdminServer.Operator);
        await _server.ImportAsync("other", "realm_id: other");
        var clients = new ClientService.ClientServiceClient(channel);
        var token = (await clients.ListClientsAsync(new() { RealmId = DemoRealm.Id, PageSize = 1 }, headers)).NextPageToken;
        var bindings = new RoleBindingService.RoleBindingServiceClient(channel);

        Assert.Equal("INVALID_PAGE_TOKEN", await Refusals.ReasonAsync(async () => await clients.ListClientsAsync(new() { RealmId = "other", PageToken = token }, headers)));
        Assert.Equal(
            "INVALID_PAGE_TOKEN",
            await Refusals.ReasonAsync(async () => await new RoleService.RoleServiceClient(channel).ListRolesAsync(new() { RealmId = DemoRealm.Id, PageToken = token }, headers)));
        var all = (await bindings.ListRoleBindingsAsync(new() { RealmId = DemoRealm.Id, PageSize = 1 }, headers)).NextPageToken;
        Assert.Equal(
            "INVALID_PAGE_TOKEN",
            await Refusals.ReasonAsync(async () => await bindings.ListRoleBindingsAsync(new() { RealmId = DemoRealm.Id, PageToken = all, UserId = "bob" }, headers)));
    }
}

public sealed class SqliteListServicesTests(SqliteRealmAdminDatabase fixture) : ListServicesContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresListServicesTests(PostgresRealmAdminDatabase fixture)
    : ListServicesContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
