using Google.Rpc;
using Grpc.Core;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.RealmAdmin.V1;
using RealmAdmin.Tests.Documents;
using RealmAdmin.Tests.Storage;
using Testing.Databases;

namespace RealmAdmin.Tests.Hosting;

/// <summary>Get and list of every resource over a real port, on the demo realm.</summary>
public abstract class ReadServicesContract(TestDatabase fixture) : IAsyncLifetime
{
    private const string Demo = "demo";
    private RealmAdminServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await RealmAdminServer.StartAsync(fixture.Settings);
        await _server.ImportAsync(Demo, DemoRealm.Document);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [StorageFact]
    public async Task Each_kind_of_resource_is_read_by_its_id()
    {
        var (channel, headers) = (_server.Channel, RealmAdminServer.Operator);

        var realm = (await _server.Realms.GetRealmAsync(new() { RealmId = Demo }, headers)).Realm;
        Assert.Equal(("Demo", 300, 1), (realm.DisplayName, realm.AccessTokenLifetime.Seconds, realm.Revision));
        Assert.Equal(["machine-grants", "roles-allow"], realm.ScopePipeline.Conditions.Select(condition => condition.Name));

        var client = (await new ClientService.ClientServiceClient(channel).GetClientAsync(new() { RealmId = Demo, ClientId = "demo-service" }, headers)).Client;
        Assert.Equal(ClientType.Service, client.ClientType);
        Assert.Equal("demo", Assert.Single(client.Secrets).SecretId);

        var server = (await new ResourceServerService.ResourceServerServiceClient(channel)
            .GetResourceServerAsync(new() { RealmId = Demo, Audience = "https://api.demo.example" }, headers)).ResourceServer;
        Assert.Equal("Rechnungen lesen", server.Permissions.Single(permission => permission.Permission_ == "invoices.read").Texts["de"].Title);
        Assert.Empty(server.Permissions.Single(permission => permission.Permission_ == "payments.refund").Texts);

        var role = (await new RoleService.RoleServiceClient(channel).GetRoleAsync(new() { RealmId = Demo, RoleId = "approver" }, headers)).Role;
        Assert.Equal(["accountant"], role.IncludedRoleIds);

        var group = (await new GroupService.GroupServiceClient(channel).GetGroupAsync(new() { RealmId = Demo, GroupId = "accountants" }, headers)).Group;
        Assert.Equal("acme", group.OwnerOrganizationId);

        var organization = (await new OrganizationService.OrganizationServiceClient(channel)
            .GetOrganizationAsync(new() { RealmId = Demo, OrganizationId = "acme-retail" }, headers)).Organization;
        Assert.Equal("acme", organization.ParentOrganizationId);

        var user = (await new UserService.UserServiceClient(channel).GetUserAsync(new() { RealmId = Demo, UserId = "alice" }, headers)).User;
        Assert.Equal(["accountants"], user.GroupIds);
        Assert.Equal(["acme"], user.OrganizationIds);

        var bindings = new RoleBindingService.RoleBindingServiceClient(channel);
        var listed = Assert.Single((await bindings.ListRoleBindingsAsync(new() { RealmId = Demo, UserId = "bob" }, headers)).RoleBindings);
        var binding = (await bindings.GetRoleBindingAsync(new() { RealmId = Demo, RoleBindingId = listed.RoleBindingId }, headers)).RoleBinding;
        Assert.Equal(("bob", "viewer", "globex"), (binding.UserId, binding.RoleId, binding.OrganizationId));
    }

    [StorageFact]
    public async Task Lists_come_in_pages_that_fit_together()
    {
        var clients = new ClientService.ClientServiceClient(_server.Channel);
        List<string> ids = [];
        List<int> sizes = [];
        var token = "";
        do
        {
            var page = await clients.ListClientsAsync(new() { RealmId = Demo, PageSize = 4, PageToken = token }, RealmAdminServer.Operator);
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
            .ListRolesAsync(new() { RealmId = Demo, PageSize = 3 }, RealmAdminServer.Operator);

        Assert.Equal(["accountant", "approver", "viewer"], page.Roles.Select(role => role.RoleId));
        Assert.Equal("", page.NextPageToken);
    }

    [StorageFact]
    public async Task Users_are_listed_by_group_and_all_other_kinds_are_listed_too()
    {
        var (channel, headers) = (_server.Channel, RealmAdminServer.Operator);
        var users = new UserService.UserServiceClient(channel);

        Assert.Equal(["alice"], (await users.ListUsersAsync(new() { RealmId = Demo, GroupId = "accountants" }, headers)).Users.Select(user => user.UserId));
        Assert.Equal(3, (await users.ListUsersAsync(new() { RealmId = Demo }, headers)).Users.Count);
        Assert.Single((await new GroupService.GroupServiceClient(channel).ListGroupsAsync(new() { RealmId = Demo }, headers)).Groups);
        Assert.Equal(3, (await new OrganizationService.OrganizationServiceClient(channel).ListOrganizationsAsync(new() { RealmId = Demo }, headers)).Organizations.Count);
        Assert.Single((await new ResourceServerService.ResourceServerServiceClient(channel).ListResourceServersAsync(new() { RealmId = Demo }, headers)).ResourceServers);
        Assert.Empty((await new ScopeService.ScopeServiceClient(channel).ListScopesAsync(new() { RealmId = Demo }, headers)).Scopes);
        Assert.Equal(6, (await new RoleBindingService.RoleBindingServiceClient(channel).ListRoleBindingsAsync(new() { RealmId = Demo }, headers)).RoleBindings.Count);
        Assert.Contains(Demo, (await _server.Realms.ListRealmsAsync(new(), headers)).Realms.Select(realm => realm.RealmId));
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
        Assert.Equal("INVALID_PAGE_TOKEN", await ReasonAsync(async () =>
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
        await ReasonAsync(async () => await new ClientService.ClientServiceClient(_server.Channel)
            .ListClientsAsync(new() { RealmId = Demo, PageToken = token }, RealmAdminServer.Operator)));

    [StorageFact]
    public async Task A_page_token_of_another_query_is_refused()
    {
        var (channel, headers) = (_server.Channel, RealmAdminServer.Operator);
        await _server.ImportAsync("other", "realm_id: other");
        var clients = new ClientService.ClientServiceClient(channel);
        var token = (await clients.ListClientsAsync(new() { RealmId = Demo, PageSize = 1 }, headers)).NextPageToken;
        var bindings = new RoleBindingService.RoleBindingServiceClient(channel);

        Assert.Equal("INVALID_PAGE_TOKEN", await ReasonAsync(async () => await clients.ListClientsAsync(new() { RealmId = "other", PageToken = token }, headers)));
        Assert.Equal(
            "INVALID_PAGE_TOKEN",
            await ReasonAsync(async () => await new RoleService.RoleServiceClient(channel).ListRolesAsync(new() { RealmId = Demo, PageToken = token }, headers)));
        var all = (await bindings.ListRoleBindingsAsync(new() { RealmId = Demo, PageSize = 1 }, headers)).NextPageToken;
        Assert.Equal(
            "INVALID_PAGE_TOKEN",
            await ReasonAsync(async () => await bindings.ListRoleBindingsAsync(new() { RealmId = Demo, PageToken = all, UserId = "bob" }, headers)));
    }

    [StorageFact]
    public async Task What_is_missing_is_told_apart()
    {
        var clients = new ClientService.ClientServiceClient(_server.Channel);

        var resource = await Assert.ThrowsAsync<RpcException>(async () =>
            await clients.GetClientAsync(new() { RealmId = Demo, ClientId = "nobody" }, RealmAdminServer.Operator));
        Assert.Equal((StatusCode.NotFound, "RESOURCE_NOT_FOUND"), (resource.StatusCode, RichStatus.ReasonOf(resource)));

        Assert.Equal("REALM_NOT_FOUND", await ReasonAsync(async () =>
            await clients.GetClientAsync(new() { RealmId = "nowhere", ClientId = "nobody" }, RealmAdminServer.Operator)));
        Assert.Equal("REALM_NOT_FOUND", await ReasonAsync(async () => await clients.ListClientsAsync(new() { RealmId = "nowhere" }, RealmAdminServer.Operator)));
        Assert.Equal("REALM_NOT_FOUND", await ReasonAsync(async () => await _server.Realms.GetRealmAsync(new() { RealmId = "nowhere" }, RealmAdminServer.Operator)));
        Assert.Equal("REALM_NOT_FOUND", await ReasonAsync(async () => await _server.Realms.ExportRealmAsync(new() { RealmId = "nowhere" }, RealmAdminServer.Operator)));
    }

    [StorageFact]
    public async Task Every_wrong_field_of_a_request_is_named()
    {
        var exception = await Assert.ThrowsAsync<RpcException>(async () => await new RoleBindingService.RoleBindingServiceClient(_server.Channel)
            .ListRoleBindingsAsync(new() { RealmId = "No Realm", PageSize = -1, UserId = "a b", ClientId = "c" }, RealmAdminServer.Operator));

        Assert.Equal((StatusCode.InvalidArgument, "INVALID_ARGUMENT"), (exception.StatusCode, RichStatus.ReasonOf(exception)));
        Assert.Equal(["realm_id", "user_id", "user_id", "page_size"], Violations(exception).Select(violation => violation.Field));
    }

    [StorageFact]
    public async Task Every_error_of_a_document_travels_with_its_path()
    {
        var exception = await Assert.ThrowsAsync<RpcException>(() =>
            _server.ImportAsync(Demo, "realm_id: demo\nclients: [{client_id: a, client_type: web}, {client_id: b, client_type: web, redirect_uris: ['http://b.example']}]\nusers: [{}]"));

        Assert.Equal((StatusCode.InvalidArgument, "INVALID_REALM_DOCUMENT"), (exception.StatusCode, RichStatus.ReasonOf(exception)));
        Assert.Equal(
            [
                ("clients[1].redirect_uris[0]", "must be https, or http on a loopback address"),
                ("users[0].user_id", "is required"),
            ],
            Violations(exception).Select(violation => (violation.Field, violation.Description)));
    }

    [StorageFact]
    public async Task As_many_errors_as_an_answer_carries_arrive()
    {
        var document = "realm_id: demo\nroles:\n" + string.Concat(Enumerable.Range(0, 5_000).Select(i => $"  - rol_id: r{i}\n"));

        var exception = await Assert.ThrowsAsync<RpcException>(() => _server.ImportAsync(Demo, document));

        Assert.Equal("INVALID_REALM_DOCUMENT", RichStatus.ReasonOf(exception));
        Assert.InRange(Violations(exception).Count, 100, 300);
    }

    [StorageFact]
    public async Task An_import_tells_its_difference_field_by_field()
    {
        await _server.ImportAsync("fields", "realm_id: fields\nroles: [{role_id: r, permissions: [iam.users.read]}]");

        var import = await _server.ImportAsync("fields", "realm_id: fields\nroles: [{role_id: r, display_name: \"Größe\", permissions: [iam.roles.read]}]");

        Assert.Equal(
            new ResourceChange
            {
                ResourceKind = "role",
                ResourceId = "r",
                ChangeKind = ChangeKind.Update,
                Fields =
                {
                    new FieldChange { Field = "display_name", Before = "\"\"", After = "\"Größe\"" },
                    new FieldChange { Field = "permissions", Before = "[\"iam.users.read\"]", After = "[\"iam.roles.read\"]" },
                },
            },
            Assert.Single(import.Changes));
    }

    [StorageFact]
    public async Task A_document_of_several_megabytes_is_read()
    {
        var document = "realm_id: large\nusers:\n" + string.Concat(Enumerable.Range(0, 3_000).Select(i => $"  # {new string('x', 2_000)}\n  - user_id: u{i}\n"));

        var import = await _server.ImportAsync("large", document, dryRun: true);

        Assert.Equal(3_001, import.Changes.Count);
    }

    [StorageFact]
    public async Task Nothing_answers_without_a_credential()
    {
        Assert.Equal("UNAUTHENTICATED", await ReasonAsync(async () => await _server.Realms.GetRealmAsync(new() { RealmId = Demo })));
        Assert.Equal("UNAUTHENTICATED", await ReasonAsync(async () => await _server.Realms.ListRealmsAsync(new())));
        Assert.Equal("UNAUTHENTICATED", await ReasonAsync(async () => await _server.Realms.ImportRealmAsync(new() { RealmId = Demo })));
        Assert.Equal("UNAUTHENTICATED", await ReasonAsync(async () => await _server.Realms.ExportRealmAsync(new() { RealmId = Demo })));
    }

    /// <remarks>What is no operator key may be an access token, which the token service knows; here there is none.</remarks>
    [StorageFact]
    public async Task A_wrong_key_is_not_let_in_where_nobody_can_be_asked_about_it()
    {
        var wrong = new Metadata { { "authorization", "Bearer an-operator-key-that-nobody-knows-at-all" } };

        Assert.Equal("SERVICE_UNAVAILABLE", await ReasonAsync(async () => await _server.Realms.GetRealmAsync(new() { RealmId = Demo }, wrong)));
        Assert.Equal("UNAUTHENTICATED", await ReasonAsync(async () => await _server.Realms.ListRealmsAsync(new(), wrong)));
    }

    private static async Task<string?> ReasonAsync(Func<Task> call) => RichStatus.ReasonOf(await Assert.ThrowsAsync<RpcException>(call));

    private static IReadOnlyList<BadRequest.Types.FieldViolation> Violations(RpcException exception) =>
        RichStatus.Read(exception)!.Details.Single(detail => detail.Is(BadRequest.Descriptor)).Unpack<BadRequest>().FieldViolations;
}

public sealed class SqliteReadServicesTests(SqliteRealmAdminDatabase fixture) : ReadServicesContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresReadServicesTests(PostgresRealmAdminDatabase fixture)
    : ReadServicesContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
