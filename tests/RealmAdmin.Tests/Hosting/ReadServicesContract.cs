using Grpc.Core;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.RealmAdmin.V1;
using RealmAdmin.Tests.Documents;
using RealmAdmin.Tests.Storage;
using Testing.Databases;

namespace RealmAdmin.Tests.Hosting;

/// <summary>Every resource of the demo realm is read over a real port, and what cannot be read is refused with a reason.</summary>
public abstract class ReadServicesContract(TestDatabase fixture) : IAsyncLifetime
{
    private RealmAdminServer _server = null!;

    public async Task InitializeAsync() => _server = await RealmAdminServer.SharedWithDemoAsync(fixture);

    public Task DisposeAsync() => Task.CompletedTask;

    [StorageFact]
    public async Task Each_kind_of_resource_is_read_by_its_id()
    {
        var (channel, headers) = (_server.Channel, RealmAdminServer.Operator);

        var realm = (await _server.Realms.GetRealmAsync(new() { RealmId = DemoRealm.Id }, headers)).Realm;
        Assert.Equal(("Demo", 300, 1), (realm.DisplayName, realm.AccessTokenLifetime.Seconds, realm.Revision));
        Assert.Equal(["machine-grants", "roles-allow"], realm.ScopePipeline.Conditions.Select(condition => condition.Name));

        var client = (await new ClientService.ClientServiceClient(channel).GetClientAsync(new() { RealmId = DemoRealm.Id, ClientId = "demo-service" }, headers)).Client;
        Assert.Equal(ClientType.Service, client.ClientType);
        Assert.Equal("demo", Assert.Single(client.Secrets).SecretId);

        var server = (await new ResourceServerService.ResourceServerServiceClient(channel)
            .GetResourceServerAsync(new() { RealmId = DemoRealm.Id, Audience = "https://api.demo.example" }, headers)).ResourceServer;
        Assert.Equal("Rechnungen lesen", server.Permissions.Single(permission => permission.Permission_ == "invoices.read").Texts["de"].Title);
        Assert.Empty(server.Permissions.Single(permission => permission.Permission_ == "payments.refund").Texts);

        var role = (await new RoleService.RoleServiceClient(channel).GetRoleAsync(new() { RealmId = DemoRealm.Id, RoleId = "approver" }, headers)).Role;
        Assert.Equal(["accountant"], role.IncludedRoleIds);

        var group = (await new GroupService.GroupServiceClient(channel).GetGroupAsync(new() { RealmId = DemoRealm.Id, GroupId = "accountants" }, headers)).Group;
        Assert.Equal("acme", group.OwnerOrganizationId);

        var organization = (await new OrganizationService.OrganizationServiceClient(channel)
            .GetOrganizationAsync(new() { RealmId = DemoRealm.Id, OrganizationId = "acme-retail" }, headers)).Organization;
        Assert.Equal("acme", organization.ParentOrganizationId);

        var user = (await new UserService.UserServiceClient(channel).GetUserAsync(new() { RealmId = DemoRealm.Id, UserId = "alice" }, headers)).User;
        Assert.Equal(["accountants"], user.GroupIds);
        Assert.Equal(["acme"], user.OrganizationIds);

        var bindings = new RoleBindingService.RoleBindingServiceClient(channel);
        var listed = Assert.Single((await bindings.ListRoleBindingsAsync(new() { RealmId = DemoRealm.Id, UserId = "bob" }, headers)).RoleBindings);
        var binding = (await bindings.GetRoleBindingAsync(new() { RealmId = DemoRealm.Id, RoleBindingId = listed.RoleBindingId }, headers)).RoleBinding;
        Assert.Equal(("bob", "viewer", "globex"), (binding.UserId, binding.RoleId, binding.OrganizationId));
    }

    [StorageFact]
    public async Task What_is_missing_is_told_apart()
    {
        var clients = new ClientService.ClientServiceClient(_server.Channel);

        var resource = await Assert.ThrowsAsync<RpcException>(async () =>
            await clients.GetClientAsync(new() { RealmId = DemoRealm.Id, ClientId = "nobody" }, RealmAdminServer.Operator));
        Assert.Equal((StatusCode.NotFound, "RESOURCE_NOT_FOUND"), (resource.StatusCode, RichStatus.ReasonOf(resource)));

        Assert.Equal("REALM_NOT_FOUND", await Refusals.ReasonAsync(async () =>
            await clients.GetClientAsync(new() { RealmId = "nowhere", ClientId = "nobody" }, RealmAdminServer.Operator)));
        Assert.Equal("REALM_NOT_FOUND", await Refusals.ReasonAsync(async () => await clients.ListClientsAsync(new() { RealmId = "nowhere" }, RealmAdminServer.Operator)));
        Assert.Equal("REALM_NOT_FOUND", await Refusals.ReasonAsync(async () => await _server.Realms.GetRealmAsync(new() { RealmId = "nowhere" }, RealmAdminServer.Operator)));
        Assert.Equal("REALM_NOT_FOUND", await Refusals.ReasonAsync(async () => await _server.Realms.ExportRealmAsync(new() { RealmId = "nowhere" }, RealmAdminServer.Operator)));
    }

    [StorageFact]
    public async Task Every_wrong_field_of_a_request_is_named()
    {
        var exception = await Assert.ThrowsAsync<RpcException>(async () => await new RoleBindingService.RoleBindingServiceClient(_server.Channel)
            .ListRoleBindingsAsync(new() { RealmId = "No Realm", PageSize = -1, UserId = "a b", ClientId = "c" }, RealmAdminServer.Operator));

        Assert.Equal((StatusCode.InvalidArgument, "INVALID_ARGUMENT"), (exception.StatusCode, RichStatus.ReasonOf(exception)));
        Assert.Equal(["realm_id", "user_id", "user_id", "page_size"], Refusals.Violations(exception).Select(violation => violation.Field));
    }

    [StorageFact]
    public async Task Nothing_answers_without_a_credential()
    {
        Assert.Equal("UNAUTHENTICATED", await Refusals.ReasonAsync(async () => await _server.Realms.GetRealmAsync(new() { RealmId = DemoRealm.Id })));
        Assert.Equal("UNAUTHENTICATED", await Refusals.ReasonAsync(async () => await _server.Realms.ListRealmsAsync(new())));
        Assert.Equal("UNAUTHENTICATED", await Refusals.ReasonAsync(async () => await _server.Realms.ImportRealmAsync(new() { RealmId = DemoRealm.Id })));
        Assert.Equal("UNAUTHENTICATED", await Refusals.ReasonAsync(async () => await _server.Realms.ExportRealmAsync(new() { RealmId = DemoRealm.Id })));
    }

    /// <remarks>What is no operator key may be an access token, which the token service knows; here there is none.</remarks>
    [StorageFact]
    public async Task A_wrong_key_is_not_let_in_where_nobody_can_be_asked_about_it()
    {
        var wrong = new Metadata { { "authorization", "Bearer an-operator-key-that-nobody-knows-at-all" } };

        Assert.Equal("SERVICE_UNAVAILABLE", await Refusals.ReasonAsync(async () => await _server.Realms.GetRealmAsync(new() { RealmId = DemoRealm.Id }, wrong)));
        Assert.Equal("UNAUTHENTICATED", await Refusals.ReasonAsync(async () => await _server.Realms.ListRealmsAsync(new(), wrong)));
    }
}

public sealed class SqliteReadServicesTests(SqliteRealmAdminDatabase fixture) : ReadServicesContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresReadServicesTests(PostgresRealmAdminDatabase fixture)
    : ReadServicesContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
