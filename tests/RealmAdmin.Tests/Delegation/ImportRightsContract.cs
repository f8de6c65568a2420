using Grpc.Core;
using Pltfrms.Iam.RealmAdmin.V1;
using RealmAdmin.Tests.Storage;
using RealmAdmin.Tests.Writes;
using Testing.Databases;

namespace RealmAdmin.Tests.Delegation;

/// <summary>Who imports a document may do so when it is applied, not only when the call came in.</summary>
public abstract class ImportRightsContract(TestDatabase fixture) : IAsyncLifetime
{
    private static readonly Metadata Root = DelegationRealm.Client("root", "iam.realms.write iam.realms.read");

    private DelegationServer _server = null!;

    private AdminCalls Calls => _server.Calls;

    public async Task InitializeAsync() => _server = await DelegationServer.StartAsync(fixture);

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [StorageFact]
    public async Task An_import_that_waits_for_its_turn_while_its_caller_loses_the_right_is_refused()
    {
        Task<ImportRealmResponse> import;
        await using (var session = await fixture.Database.BeginWriteAsync(default))
        {
            // The realm is this session's until it commits; the import, which was let in with the right, waits for it.
            await session.ExecuteAsync("update realm set revision = revision + 1 where realm_id = @id", new { id = _server.RealmId }, default);
            import = Calls.CallAsync<ImportRealmResponse>(Import("taken over"), Root);
            await Task.Delay(TimeSpan.FromSeconds(1));
            Assert.False(import.IsCompleted);
            await session.ExecuteAsync(
                "delete from role_binding where realm_id = @id and role_binding_id = 'root-admin'", new { id = _server.RealmId }, default);
            await session.CommitAsync(default);
        }

        var refusal = await Assert.ThrowsAsync<RpcException>(() => import);

        Assert.Equal(StatusCode.PermissionDenied, refusal.StatusCode);
        Assert.NotEqual("taken over", await NameAsync());
    }

    [StorageFact]
    public async Task Of_many_imports_none_happens_after_their_caller_has_lost_the_right()
    {
        var imports = Enumerable.Range(0, 8).Select(i => EndAsync(Calls.CallAsync<ImportRealmResponse>(Import($"name {i}"), Root))).ToList();
        var taken = await Calls.CallAsync<DeleteRoleBindingResponse>(_server.InRealm(new DeleteRoleBindingRequest { RoleBindingId = "root-admin" }));

        var done = (await Task.WhenAll(imports)).OfType<long>().ToList();

        Assert.All(done, revision => Assert.True(revision < taken.Revision));
        Assert.Equal("PERMISSION_DENIED", (await Calls.RefusalAsync(Import("late"), Root)).Reason);
        Assert.Equal("PERMISSION_DENIED", (await Calls.RefusalAsync(new PlanImportRequest { RealmId = _server.RealmId, Document = Import("late").Document }, Root)).Reason);
    }

    private static async Task<long?> EndAsync(Task<ImportRealmResponse> import)
    {
        try
        {
            return (await import).Revision;
        }
        catch (RpcException refusal) when (refusal.StatusCode == StatusCode.PermissionDenied)
        {
            return null;
        }
    }

    private async Task<string> NameAsync() => (await Calls.CallAsync<GetRealmResponse>(new GetRealmRequest { RealmId = _server.RealmId })).Realm.DisplayName;

    private ImportRealmRequest Import(string name) => new()
    {
        RealmId = _server.RealmId,
        Document = $"realm_id: {_server.RealmId}\ndisplay_name: {name}\n{DelegationRealm.Document}",
    };
}

public sealed class SqliteImportRightsTests(SqliteRealmAdminDatabase fixture) : ImportRightsContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresImportRightsTests(PostgresRealmAdminDatabase fixture) : ImportRightsContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
