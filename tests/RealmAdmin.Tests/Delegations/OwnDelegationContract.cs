using Google.Protobuf.WellKnownTypes;
using Pltfrms.Iam.RealmAdmin.V1;
using RealmAdmin.Tests.Hosting;
using RealmAdmin.Tests.Storage;
using RealmAdmin.Tests.Writes;
using Testing.Databases;
using Wire = Pltfrms.Iam.RealmAdmin.V1.Delegation;

namespace RealmAdmin.Tests.Delegations;

/// <summary>What users do with their own delegations, through the service that they are at.</summary>
public abstract class OwnDelegationContract(TestDatabase fixture) : IAsyncLifetime
{
    private const string Document = """
        token_exchange: {rules: [{name: by-delegation, source: delegation}]}
        organizations: [{organization_id: acme}, {organization_id: retail, parent_organization_id: acme}, {organization_id: globex}]
        clients: [{client_id: bot, client_type: service}]
        resource_servers: [{audience: "https://api.example", permissions: [{permission: a.read}, {permission: a.write}]}]
        scopes: [{scope: all, permissions: [a.read, a.write]}]
        roles: [{role_id: reader, permissions: [a.read]}, {role_id: writer, permissions: [a.write]}]
        groups: [{group_id: staff}]
        users: [{user_id: ada, group_ids: [staff]}, {user_id: bob}, {user_id: gone, disabled: true}, {user_id: late}]
        role_bindings:
          - {group_id: staff, role_id: reader}
          - {user_id: ada, role_id: writer, organization_id: acme}
          - {user_id: gone, role_id: reader}
          - {user_id: late, role_id: reader, expires_at: 2020-01-01T00:00:00Z}
        """;

    private RealmAdminServer _server = null!;
    private AdminCalls _admin = null!;
    private string _realmId = "";

    public async Task InitializeAsync()
    {
        _server = await RealmAdminServer.SharedAsync(fixture);
        _admin = new AdminCalls(_server);
        _realmId = await _admin.NewRealmAsync(Document);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [StorageFact]
    public async Task A_user_lets_a_client_act_and_ends_it_and_both_is_the_users_doing_in_the_trail()
    {
        var granted = await GrantAsync("ada", ToBot("all"), "retail");

        Assert.Equal(("ada", "bot", "ada", true, "retail"), (granted.DelegatorId, granted.DelegateClientId, granted.CreatedBy, granted.SelfGranted, granted.OrganizationId));
        Assert.Equal([granted], (await OwnAsync("ada")).Granted);
        Assert.Empty((await OwnAsync("ada")).Received);

        await RevokeAsync("ada", granted.DelegationId);

        Assert.Empty((await OwnAsync("ada")).Granted);
        var events = (await new AuditService.AuditServiceClient(_server.Channel).ListEventsAsync(
            new() { RealmId = _realmId, ResourceKind = "delegation", ResourceId = granted.DelegationId }, RealmAdminServer.Operator)).Events;
        Assert.Equal([ChangeKind.Delete, ChangeKind.Create], events.Select(e => e.ChangeKind));
        Assert.All(events, e => Assert.Equal(("ada", "token", "operator"), (e.Actor.ActorId, e.Actor.ActorKind, Assert.Single(e.Actor.ActChain))));
    }

    [StorageTheory]
    [InlineData("ada", "a.write", "", "")]
    [InlineData("ada", "a.write", "acme", "")]
    [InlineData("ada", "a.write", "retail", "")]
    [InlineData("ada", "a.write", "globex", "GRANT_EXCEEDS_OWN")]
    [InlineData("ada", "all", "globex", "GRANT_EXCEEDS_OWN")]
    [InlineData("ada", "a.read", "globex", "")]
    [InlineData("ada", "iam.users.read", "", "GRANT_EXCEEDS_OWN")]
    [InlineData("bob", "a.read", "", "GRANT_EXCEEDS_OWN")]
    [InlineData("late", "a.read", "", "GRANT_EXCEEDS_OWN")]
    [InlineData("gone", "a.read", "", "RESOURCE_NOT_FOUND")]
    [InlineData("nobody", "a.read", "", "DANGLING_REFERENCE")]
    [InlineData("ada", "nothing", "", "DANGLING_REFERENCE")]
    [InlineData("ada", "a.read", "nowhere", "DANGLING_REFERENCE")]
    public async Task Users_delegate_what_they_hold_there(string userId, string scope, string organizationId, string ending)
    {
        var request = Request(userId, ToBot(scope), organizationId);

        if (ending.Length == 0)
        {
            await _admin.CallAsync(request);
            return;
        }

        Assert.Equal(ending, (await _admin.RefusalAsync(request)).Reason);
        Assert.Equal(1, await _admin.RevisionAsync(_realmId));
    }

    [StorageFact]
    public async Task Nobody_delegates_for_somebody_else_or_to_nobody()
    {
        var forBob = Request("ada", ToBot("a.read"), "");
        forBob.Delegation.DelegatorId = "bob";
        Assert.Equal("INVALID_ARGUMENT", (await _admin.RefusalAsync(forBob)).Reason);
        Assert.Equal("INVALID_ARGUMENT", (await _admin.RefusalAsync(Request("ada", new() { DelegateUserId = "ada", Scopes = { "a.read" } }, ""))).Reason);
        Assert.Equal("DANGLING_REFERENCE", (await _admin.RefusalAsync(Request("ada", new() { DelegateClientId = "bob", Scopes = { "a.read" } }, ""))).Reason);
        Assert.Equal("INVALID_ARGUMENT", (await _admin.RefusalAsync(new GrantOwnDelegationRequest { RealmId = _realmId, UserId = "ada" })).Reason);
        var elsewhere = Request("ada", ToBot("a.read"), "");
        elsewhere.Delegation.RealmId = "other";
        Assert.Equal("CROSS_REALM_REFERENCE", (await _admin.RefusalAsync(elsewhere)).Reason);
    }

    [StorageFact]
    public async Task Both_sides_end_a_delegation_and_nobody_else_learns_that_it_is_there()
    {
        var first = await GrantAsync("ada", new() { DelegateUserId = "bob", Scopes = { "a.read" } }, "");
        var second = await GrantAsync("ada", new() { DelegateUserId = "bob", Scopes = { "a.read" } }, "");
        Assert.Equal(2, (await OwnAsync("bob")).Received.Count);

        foreach (var (userId, id) in new[] { ("late", first.DelegationId), ("ada", "dg-unknown") })
        {
            var request = new RevokeOwnDelegationRequest { RealmId = _realmId, UserId = userId, DelegationId = id };
            Assert.Equal("RESOURCE_NOT_FOUND", (await _admin.RefusalAsync(request)).Reason);
        }

        await RevokeAsync("bob", first.DelegationId);
        await RevokeAsync("ada", second.DelegationId);
        Assert.Empty((await OwnAsync("bob")).Received);
    }

    [StorageFact]
    public async Task Without_a_rule_that_lets_them_be_used_there_are_none_to_give()
    {
        await _server.ImportAsync(_realmId, $"realm_id: {_realmId}\n{Document.Replace("source: delegation", "source: token", StringComparison.Ordinal)}");

        Assert.Equal("NOT_OFFERED", (await _admin.RefusalAsync(Request("ada", ToBot("a.read"), ""))).Reason);
    }

    [StorageFact]
    public async Task Those_that_are_over_make_room_and_a_hundred_are_the_most()
    {
        var over = ToBot("a.read");
        over.ExpireTime = Timestamp.FromDateTimeOffset(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await GrantAsync("ada", over, "");
        for (var i = 0; i < 100; i++)
        {
            await GrantAsync("ada", ToBot("a.read"), "");
        }

        Assert.Equal(100, (await OwnAsync("ada")).Granted.Count);
        Assert.Equal("TOO_MANY_DELEGATIONS", (await _admin.RefusalAsync(Request("ada", ToBot("a.read"), ""))).Reason);
    }

    private static Wire ToBot(string scope) => new() { DelegateClientId = "bot", Scopes = { scope } };

    private GrantOwnDelegationRequest Request(string userId, Wire delegation, string organizationId)
    {
        delegation.OrganizationId = organizationId;
        return new() { RealmId = _realmId, UserId = userId, Delegation = delegation };
    }

    private async Task<Wire> GrantAsync(string userId, Wire delegation, string organizationId) =>
        (await _admin.CallAsync<GrantOwnDelegationResponse>(Request(userId, delegation, organizationId))).Delegation;

    private Task RevokeAsync(string userId, string delegationId) =>
        _admin.CallAsync(new RevokeOwnDelegationRequest { RealmId = _realmId, UserId = userId, DelegationId = delegationId });

    private async Task<(IReadOnlyList<Wire> Granted, IReadOnlyList<Wire> Received)> OwnAsync(string userId)
    {
        var answer = await _admin.CallAsync<ListOwnDelegationsResponse>(new ListOwnDelegationsRequest { RealmId = _realmId, UserId = userId });
        return ([.. answer.Granted], [.. answer.Received]);
    }
}

public sealed class SqliteOwnDelegationTests(SqliteRealmAdminDatabase fixture) : OwnDelegationContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresOwnDelegationTests(PostgresRealmAdminDatabase fixture) : OwnDelegationContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
