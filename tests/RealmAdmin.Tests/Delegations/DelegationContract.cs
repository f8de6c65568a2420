using Pltfrms.Iam.RealmAdmin.V1;
using RealmAdmin.Tests.Hosting;
using RealmAdmin.Tests.Storage;
using RealmAdmin.Tests.Writes;
using Testing.Databases;
using Wire = Pltfrms.Iam.RealmAdmin.V1.Delegation;

namespace RealmAdmin.Tests.Delegations;

/// <summary>What administrators do with delegations, and what becomes of them when the realm changes around them.</summary>
public abstract class DelegationContract(TestDatabase fixture) : IAsyncLifetime
{
    private const string Document = $$"""
        {{AdminCalls.Base}}
        delegations:
          - {delegation_id: written, delegator_id: ada, delegate_client_id: api, scopes: [a.read, all], organization_id: acme, max_depth: 1, reason: holidays}
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
    public async Task Who_made_it_and_when_is_the_servers_and_stays()
    {
        var made = (await _admin.CallAsync<CreateDelegationResponse>(Create(new() { DelegationId = "d", CreatedBy = "mallory", SelfGranted = true }))).Delegation;

        Assert.Equal(("operator", false), (made.CreatedBy, made.SelfGranted));
        Assert.NotNull(made.CreateTime);

        made.Reason = "why not";
        var changed = (await _admin.CallAsync<UpdateDelegationResponse>(new UpdateDelegationRequest { RealmId = _realmId, Delegation = made })).Delegation;
        Assert.Equal(("why not", "operator", made.CreateTime), (changed.Reason, changed.CreatedBy, changed.CreateTime));
        var refusal = await _admin.RefusalAsync(new UpdateDelegationRequest
        {
            RealmId = _realmId,
            Delegation = changed,
            UpdateMask = new() { Paths = { "created_by", "self_granted", "create_time" } },
        });
        Assert.Equal(("INVALID_ARGUMENT", 3), (refusal.Reason, refusal.Violations.Count));
    }

    [StorageFact]
    public async Task Without_an_id_each_gets_one_that_nothing_had_and_a_retry_gets_the_same()
    {
        var request = Create(new());
        request.RequestId = "once";
        var first = (await _admin.CallAsync<CreateDelegationResponse>(request)).Delegation;
        var again = (await _admin.CallAsync<CreateDelegationResponse>(request)).Delegation;
        request.RequestId = "";
        var other = (await _admin.CallAsync<CreateDelegationResponse>(request)).Delegation;

        Assert.Matches(@"\Adg-[0-9a-f]{32}\z", first.DelegationId);
        Assert.Equal(first, again);
        Assert.NotEqual(first.DelegationId, other.DelegationId);
        var batch = await _admin.CallAsync<BatchWriteResponse>(new BatchWriteRequest
        {
            RealmId = _realmId,
            Operations = { new WriteOperation { CreateDelegation = Create(new()) }, new WriteOperation { DeleteDelegation = new() { DelegationId = other.DelegationId } } },
        });
        Assert.Equal(["delegation", "delegation"], batch.Resources.Select(resource => resource.ResourceKind));
        Assert.Equal(3, (await ListAsync(new())).Count);
    }

    [StorageFact]
    public async Task Lists_are_filtered_by_delegator_delegate_and_organization()
    {
        await _admin.CallAsync(new CreateUserRequest { RealmId = _realmId, User = new() { UserId = "bob" } });
        await _admin.CallAsync(Create(new() { DelegationId = "to-bob", DelegateUserId = "bob" }));
        await _admin.CallAsync(new CreateDelegationRequest
        {
            RealmId = _realmId,
            Delegation = new() { DelegationId = "of-bob", DelegatorId = "bob", DelegateClientId = "api", Scopes = { "a.read" } },
        });

        Assert.Equal(["of-bob", "to-bob", "written"], await ListAsync(new()));
        Assert.Equal(["to-bob", "written"], await ListAsync(new() { DelegatorId = "ada" }));
        Assert.Equal(["of-bob", "written"], await ListAsync(new() { DelegateClientId = "api" }));
        Assert.Equal(["to-bob"], await ListAsync(new() { DelegateUserId = "bob" }));
        Assert.Equal(["written"], await ListAsync(new() { OrganizationId = "acme" }));
        Assert.Empty(await ListAsync(new() { OrganizationId = "retail" }));
        var refusal = await _admin.RefusalAsync(new ListDelegationsRequest { RealmId = _realmId, DelegateClientId = "api", DelegateUserId = "bob" });
        Assert.Equal(("INVALID_ARGUMENT", "delegate_client_id"), (refusal.Reason, Assert.Single(refusal.Fields)));
    }

    [StorageTheory]
    [InlineData("Client", "client_id", "api")]
    [InlineData("User", "user_id", "ada")]
    [InlineData("Organization", "organization_id", "acme")]
    public async Task What_a_delegation_names_goes_only_with_it(string kind, string idField, string id)
    {
        var refusal = await _admin.RefusalAsync(AdminCalls.Request("Delete", kind, ("realm_id", _realmId), (idField, id)));
        Assert.Equal("RESOURCE_IN_USE", refusal.Reason);
        Assert.Contains((idField, "delegation 'written'"), refusal.Violations);

        await _admin.CallAsync(AdminCalls.Request("Delete", kind, ("realm_id", _realmId), (idField, id), ("cascade", true)));

        Assert.Empty(await ListAsync(new()));
    }

    [StorageFact]
    public async Task A_delegation_loses_a_scope_that_goes_and_goes_with_its_last()
    {
        var refusal = await _admin.RefusalAsync(new DeleteScopeRequest { RealmId = _realmId, Scope = "all" });
        Assert.Equal(("RESOURCE_IN_USE", "1"), (refusal.Reason, refusal.Metadata["referrers"]));

        await _admin.CallAsync(new DeleteScopeRequest { RealmId = _realmId, Scope = "all", Cascade = true });
        Assert.Equal(["a.read"], (await GetAsync("written")).Scopes);

        await _admin.CallAsync(new DeleteResourceServerRequest { RealmId = _realmId, Audience = "https://api.example", Cascade = true });
        Assert.Empty(await ListAsync(new()));
    }

    [StorageFact]
    public async Task A_document_has_what_administrators_wrote_and_leaves_alone_what_users_did()
    {
        await _server.ImportAsync(_realmId, Text("token_exchange: {rules: [{name: d, source: delegation}]}\n" + Document));
        var own = await OwnAsync("ada", new() { DelegateClientId = "api", Scopes = { "a.read" }, OrganizationId = "acme" });
        var exported = (await _server.Realms.ExportRealmAsync(new() { RealmId = _realmId }, RealmAdminServer.Operator)).Document;
        Assert.Contains("delegation_id: written", exported);
        Assert.DoesNotContain(own.DelegationId, exported);

        Assert.Empty((await _server.ImportAsync(_realmId, exported)).Changes);
        Assert.Equal(own, await GetAsync(own.DelegationId));

        await _server.ImportAsync(_realmId, Text(AdminCalls.Base));
        Assert.Equal([own.DelegationId], await ListAsync(new()));

        // A user who goes takes along what the user gave.
        await _server.ImportAsync(_realmId, Text("users: [{user_id: bob}]\nclients: [{client_id: api, client_type: web}]"));
        Assert.Empty(await ListAsync(new()));
    }

    [StorageFact]
    public async Task The_trail_says_who_made_changed_and_ended_it()
    {
        await _admin.CallAsync(new DeleteDelegationRequest { RealmId = _realmId, DelegationId = "written" });

        var events = (await new AuditService.AuditServiceClient(_server.Channel).ListEventsAsync(
            new() { RealmId = _realmId, ResourceKind = "delegation", ResourceId = "written" }, RealmAdminServer.Operator)).Events;

        Assert.Equal([ChangeKind.Delete, ChangeKind.Create], events.Select(e => e.ChangeKind));
        Assert.Contains(events[1].Fields, field => (field.Field, field.After) == ("delegator_id", "\"ada\""));
    }

    private string Text(string document) => $"realm_id: {_realmId}\n{document}";

    private CreateDelegationRequest Create(Wire delegation)
    {
        delegation.DelegatorId = "ada";
        delegation.Scopes.Add("a.read");
        if (delegation.DelegateCase == Wire.DelegateOneofCase.None)
        {
            delegation.DelegateClientId = "api";
        }

        return new() { RealmId = _realmId, Delegation = delegation };
    }

    private async Task<Wire> OwnAsync(string userId, Wire delegation) => (await _admin.CallAsync<GrantOwnDelegationResponse>(
        new GrantOwnDelegationRequest { RealmId = _realmId, UserId = userId, Delegation = delegation })).Delegation;

    private async Task<Wire> GetAsync(string id) =>
        (await _admin.CallAsync<GetDelegationResponse>(new GetDelegationRequest { RealmId = _realmId, DelegationId = id })).Delegation;

    private async Task<IReadOnlyList<string>> ListAsync(ListDelegationsRequest request)
    {
        request.RealmId = _realmId;
        return [.. (await _admin.CallAsync<ListDelegationsResponse>(request)).Delegations.Select(delegation => delegation.DelegationId)];
    }
}

public sealed class SqliteDelegationTests(SqliteRealmAdminDatabase fixture) : DelegationContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresDelegationTests(PostgresRealmAdminDatabase fixture) : DelegationContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
