using Grpc.Core;
using Pltfrms.Iam.RealmAdmin.V1;
using RealmAdmin.Tests.Storage;
using RealmAdmin.Tests.Writes;
using Testing.Databases;

namespace RealmAdmin.Tests.Delegation;

/// <summary>One realm administers realms, and no other comes to do so.</summary>
public abstract class PlatformContract(TestDatabase fixture) : IAsyncLifetime
{
    private const string Scopes = "iam.realms.create iam.realms.delete iam.realms.list iam.realms.read iam.realms.write iam.clients.read iam.clients.write";

    private readonly string _platform = Samples.NewRealmId();
    private DelegationServer _server = null!;

    private AdminCalls Calls => _server.Calls;

    private Metadata Administrator => Token(_platform, "admin");

    public async Task InitializeAsync()
    {
        _server = await DelegationServer.StartAsync(fixture, ("Platform:RealmId", _platform));
        await _server.Server.ImportAsync(_platform, Document(_platform));
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [StorageFact]
    public async Task Its_administrators_make_read_change_import_list_and_delete_other_realms()
    {
        var realmId = Samples.NewRealmId();
        var created = await Calls.CallAsync<CreateRealmResponse>(new CreateRealmRequest { Realm = new() { RealmId = realmId } }, Administrator);
        await Calls.CallAsync(new ImportRealmRequest { RealmId = realmId, Document = $"realm_id: {realmId}\nhost_name: {realmId}.example" }, Administrator);
        var read = await Calls.CallAsync<GetRealmResponse>(new GetRealmRequest { RealmId = realmId }, Administrator);
        await Calls.CallAsync(new UpdateRealmRequest { Realm = new() { RealmId = realmId, Disabled = true } }, Administrator);
        await Calls.CallAsync(new DeleteRealmRequest { RealmId = realmId }, Administrator);

        Assert.Equal((1, $"{realmId}.example"), (created.Realm.Revision, read.Realm.HostName));
        Assert.Equal("REALM_NOT_FOUND", (await Calls.RefusalAsync(new GetRealmRequest { RealmId = realmId }, Administrator)).Reason);
        Assert.NotEmpty((await Calls.CallAsync<ListRealmsResponse>(new ListRealmsRequest(), Administrator)).Realms);
    }

    [StorageFact]
    public async Task An_import_makes_a_realm_too()
    {
        var realmId = Samples.NewRealmId();

        var made = await Calls.CallAsync<ImportRealmResponse>(new ImportRealmRequest { RealmId = realmId, Document = $"realm_id: {realmId}" }, Administrator);

        Assert.Equal(1, made.Revision);
        Assert.Equal("PERMISSION_DENIED", (await Calls.RefusalAsync(Import(Samples.NewRealmId()), Token(_platform, "writer"))).Reason);
    }

    /// <summary>What is not about realms themselves ends with the realm: a document is how the platform changes what is in another.</summary>
    [StorageFact]
    public async Task Its_other_permissions_end_with_it()
    {
        var read = await Calls.RefusalAsync(new ListClientsRequest { RealmId = _server.RealmId }, Administrator);
        var write = await Calls.RefusalAsync(new CreateClientSecretRequest { RealmId = _server.RealmId, ClientId = "plain" }, Administrator);
        var batch = await Calls.RefusalAsync(
            new BatchWriteRequest { RealmId = _server.RealmId, Operations = { new WriteOperation { DeleteUser = new() { UserId = "ada" } } } }, Administrator);

        Assert.All([read, write, batch], refusal => Assert.Equal((StatusCode.PermissionDenied, "PERMISSION_DENIED"), (refusal.Code, refusal.Reason)));
    }

    [StorageFact]
    public async Task Only_an_operator_makes_or_deletes_the_platform_realm()
    {
        await using var server = await DelegationServer.StartAsync(fixture, ("Platform:RealmId", "not-there-yet"));
        var attacker = DelegationRealm.Client("root", "iam.realms.write");

        Assert.Equal("PERMISSION_DENIED", (await server.Calls.RefusalAsync(new CreateRealmRequest { Realm = new() { RealmId = "not-there-yet" } }, OwnRealm(server))).Reason);
        Assert.Equal("PERMISSION_DENIED", (await server.Calls.RefusalAsync(Import("not-there-yet"), attacker)).Reason);
        Assert.Equal("PERMISSION_DENIED", (await Calls.RefusalAsync(new DeleteRealmRequest { RealmId = _platform }, Administrator)).Reason);
        Assert.Equal("ALREADY_EXISTS", (await Calls.RefusalAsync(new CreateRealmRequest { Realm = new() { RealmId = _platform } })).Reason);
    }

    [StorageFact]
    public async Task Another_realm_s_administrator_does_none_of_it()
    {
        // It has the highest right in its own realm, and all scopes; its token is of its own realm.
        var other = Samples.NewRealmId();
        await _server.Server.ImportAsync(other, Document(other).Replace("  - {client_id: admin, role_id: iam-platform-administrator}\n", "", StringComparison.Ordinal)
            .Replace("iam.realms.create, iam.realms.delete, iam.realms.list, ", "", StringComparison.Ordinal));
        var attacker = Token(other, "admin");

        Assert.Equal("PERMISSION_DENIED", (await Calls.RefusalAsync(new ListRealmsRequest(), attacker)).Reason);
        Assert.Equal("PERMISSION_DENIED", (await Calls.RefusalAsync(new CreateRealmRequest { Realm = new() { RealmId = Samples.NewRealmId() } }, attacker)).Reason);
        Assert.Equal("UNAUTHENTICATED", (await Calls.RefusalAsync(new GetRealmRequest { RealmId = _server.RealmId }, attacker)).Reason);
        Assert.Equal("UNAUTHENTICATED", (await Calls.RefusalAsync(Import(_server.RealmId), attacker)).Reason);
        Assert.Equal("UNAUTHENTICATED", (await Calls.RefusalAsync(Import(_platform), attacker)).Reason);
        Assert.Equal("UNAUTHENTICATED", (await Calls.RefusalAsync(new DeleteRealmRequest { RealmId = other }, Token(_server.RealmId, "root"))).Reason);
        await Calls.CallAsync(new GetRealmRequest { RealmId = other }, attacker);
    }

    [StorageFact]
    public async Task A_platform_token_does_what_its_principal_holds_in_the_platform_realm()
    {
        Assert.Equal("PERMISSION_DENIED", (await Calls.RefusalAsync(new ListRealmsRequest(), Token(_platform, "nobody"))).Reason);
        Assert.Equal("PERMISSION_DENIED", (await Calls.RefusalAsync(new GetRealmRequest { RealmId = _server.RealmId }, Token(_platform, "nobody"))).Reason);
        // Bound in an organization of the platform realm only.
        Assert.Equal("PERMISSION_DENIED", (await Calls.RefusalAsync(new GetRealmRequest { RealmId = _server.RealmId }, Token(_platform, "local"))).Reason);
        Assert.Equal("PERMISSION_DENIED", (await Calls.RefusalAsync(new GetRealmRequest { RealmId = _server.RealmId }, Token(_platform, "admin", "iam.realms.list"))).Reason);
        await Calls.CallAsync(new GetRealmRequest { RealmId = _server.RealmId }, Token(_platform, "writer"));
    }

    [StorageFact]
    public async Task The_permissions_that_span_realms_can_be_given_in_the_platform_realm_only()
    {
        var elsewhere = await Calls.RefusalAsync(_server.InRealm(new CreateRoleRequest { Role = new() { RoleId = "mine", Permissions = { "iam.realms.create" } } }));
        var bound = await Calls.RefusalAsync(_server.InRealm(new CreateRoleBindingRequest { RoleBinding = new() { UserId = "ada", RoleId = "iam-platform-administrator" } }));
        var document = await Calls.RefusalAsync(new ImportRealmRequest { RealmId = _server.RealmId, Document = $"realm_id: {_server.RealmId}\nroles: [{{role_id: mine, permissions: [iam.realms.list]}}]" });
        await Calls.CallAsync(new CreateRoleRequest { RealmId = _platform, Role = new() { RoleId = "lister", Permissions = { "iam.realms.list" } } });

        Assert.Equal(("DANGLING_REFERENCE", "DANGLING_REFERENCE", "INVALID_REALM_DOCUMENT"), (elsewhere.Reason, bound.Reason, document.Reason));
    }

    [StorageFact]
    public async Task Questions_about_access_know_what_spans_realms()
    {
        var effective = await Calls.CallAsync<ListEffectivePermissionsResponse>(new ListEffectivePermissionsRequest { RealmId = _platform, ClientId = "admin" });
        var holders = await Calls.CallAsync<ListPrincipalsWithPermissionResponse>(
            new ListPrincipalsWithPermissionRequest { RealmId = _platform, Permission = "iam.realms.create" });
        var binding = new WriteOperation { CreateRoleBinding = new() { RoleBinding = new() { ClientId = "nobody", RoleId = "iam-platform-administrator" } } };
        var preview = await Calls.CallAsync<PreviewWritesResponse>(new PreviewWritesRequest { RealmId = _platform, Operations = { binding } });
        var more = await Calls.CallAsync<PlanImportResponse>(new PlanImportRequest
        {
            RealmId = _platform,
            Document = $"display_name: Platform\n{Document(_platform)}\n  - {{client_id: nobody, role_id: iam-platform-administrator}}\n",
        });

        string[] all = ["iam.realms.create", "iam.realms.delete", "iam.realms.list", "iam.realms.read", "iam.realms.write"];
        Assert.Superset(all.ToHashSet(), effective.Permissions.Select(item => item.Permission).ToHashSet());
        Assert.Equal(["admin"], holders.Principals.Select(holder => holder.ClientId));
        Assert.Equal(all, preview.AccessChanges.Select(change => change.Permission));
        Assert.Equal(all, more.AccessChanges.Select(change => change.Permission));
        Assert.Contains(preview.Summary, sentence => sentence.StartsWith("1 client ('nobody') gains administration of this realm", StringComparison.Ordinal));
    }

    private static ImportRealmRequest Import(string realmId) => new() { RealmId = realmId, Document = $"realm_id: {realmId}" };

    private static Metadata OwnRealm(DelegationServer server) => Token(server.RealmId, "root");

    private static Metadata Token(string realmId, string clientId, string scopes = Scopes) => DelegationRealm.Bearer(
        $$"""{"realm":"{{realmId}}","iss":"http://127.0.0.1:8080/realms/{{realmId}}","sub":"{{clientId}}","client_id":"{{clientId}}","scope":"{{scopes}}"}""");

    private static string Document(string realmId) => $$"""
        realm_id: {{realmId}}
        organizations: [{organization_id: ops}]
        clients:
          - {client_id: admin, client_type: service, scopes: [iam.realms.create, iam.realms.delete, iam.realms.list, iam.realms.read, iam.realms.write]}
          - {client_id: writer, client_type: service}
          - {client_id: local, client_type: service}
          - {client_id: nobody, client_type: service}
        roles: [{role_id: changer, permissions: [iam.realms.read, iam.realms.write]}]
        role_bindings:
          - {client_id: admin, role_id: iam-platform-administrator}
          - {client_id: admin, role_id: iam-administrator}
          - {client_id: writer, role_id: changer}
          - {client_id: local, role_id: changer, organization_id: ops}
        """;
}

public sealed class SqlitePlatformTests(SqliteRealmAdminDatabase fixture) : PlatformContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresPlatformTests(PostgresRealmAdminDatabase fixture) : PlatformContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
