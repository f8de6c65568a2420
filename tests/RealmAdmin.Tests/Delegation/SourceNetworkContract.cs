using Grpc.Core;
using Pltfrms.Iam.RealmAdmin.V1;
using RealmAdmin.Tests.Storage;
using Testing.Databases;

namespace RealmAdmin.Tests.Delegation;

/// <summary>Administrators whose own role is bound to a network: the tests call from 127.0.0.1.</summary>
public abstract class SourceNetworkContract(TestDatabase fixture) : IAsyncLifetime
{
    private const string Document = """
        organizations: [{organization_id: acme}]
        roles: [{role_id: clerk, permissions: [iam.users.read, iam.users.write, iam.role_bindings.write]}]
        users: [{user_id: near}, {user_id: far}, {user_id: mapped}, {user_id: near-acme}, {user_id: far-acme}, {user_id: ada, organization_ids: [acme]}]
        role_bindings:
          - {user_id: near, role_id: clerk, conditions: {source_networks: [10.0.0.0/8, 127.0.0.0/8]}}
          - {user_id: mapped, role_id: clerk, conditions: {source_networks: ["::ffff:127.0.0.0/104"]}}
          - {user_id: far, role_id: clerk, conditions: {source_networks: [10.0.0.0/8]}}
          - {user_id: near-acme, role_id: clerk, organization_id: acme, conditions: {source_networks: [127.0.0.1/32]}}
          - {user_id: far-acme, role_id: clerk, organization_id: acme, conditions: {source_networks: [127.0.0.2/32, "::1/128"]}}
        """;

    private DelegationServer _server = null!;
    private string _realmId = "";

    public async Task InitializeAsync()
    {
        _server = await DelegationServer.SharedAsync(fixture);
        _realmId = await _server.Calls.NewRealmAsync(Document);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [StorageTheory]
    [InlineData("near")]
    [InlineData("mapped")]
    [InlineData("near-acme")]
    public async Task Who_calls_from_the_network_reads_and_writes(string userId)
    {
        var listed = await _server.Calls.CallAsync<ListUsersResponse>(new ListUsersRequest { RealmId = _realmId }, Token(userId));
        await _server.Calls.CallAsync(Update(), Token(userId));

        Assert.Contains("ada", listed.Users.Select(user => user.UserId));
    }

    [StorageTheory]
    [InlineData("far")]
    [InlineData("far-acme")]
    public async Task Who_calls_from_elsewhere_does_neither(string userId)
    {
        var read = await _server.Calls.RefusalAsync(new ListUsersRequest { RealmId = _realmId }, Token(userId));
        var write = await _server.Calls.RefusalAsync(Update(), Token(userId));
        // What a caller says of itself is no address.
        var claimed = Token(userId);
        claimed.Add("x-forwarded-for", "10.0.0.1");
        claimed.Add("forwarded", "for=10.0.0.1");
        var pretended = await _server.Calls.RefusalAsync(new ListUsersRequest { RealmId = _realmId }, claimed);

        Assert.All([read, write, pretended], refusal => Assert.Equal((StatusCode.PermissionDenied, "PERMISSION_DENIED"), (refusal.Code, refusal.Reason)));
    }

    [StorageFact]
    public async Task Who_holds_something_from_a_network_gives_it_on_from_there_only()
    {
        var free = new CreateRoleBindingRequest { RealmId = _realmId, RoleBinding = new() { UserId = "ada", RoleId = "clerk" } };
        var bound = free.Clone();
        bound.RoleBinding.Conditions = new() { SourceNetworks = { "127.0.0.0/16" } };

        var refusal = await _server.Calls.RefusalAsync(free, Token("near"));
        await _server.Calls.CallAsync(bound, Token("near"));

        Assert.Equal("GRANT_EXCEEDS_OWN", refusal.Reason);
    }

    private static Metadata Token(string userId) => DelegationRealm.User(userId, "iam.users.read iam.users.write iam.role_bindings.write");

    private UpdateUserRequest Update() => new()
    {
        RealmId = _realmId,
        User = new() { UserId = "ada", DisplayName = "Ada" },
        UpdateMask = new() { Paths = { "display_name" } },
    };
}

public sealed class SqliteSourceNetworkTests(SqliteRealmAdminDatabase fixture) : SourceNetworkContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresSourceNetworkTests(PostgresRealmAdminDatabase fixture) : SourceNetworkContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
