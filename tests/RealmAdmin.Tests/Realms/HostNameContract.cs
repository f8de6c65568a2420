using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Secrets;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.RealmAdmin.Changes;
using Pltfrms.Iam.RealmAdmin.Delegation;
using Pltfrms.Iam.RealmAdmin.Realms;
using Pltfrms.Iam.RealmAdmin.RoleBindings;
using Pltfrms.Iam.RealmAdmin.Storage;
using Pltfrms.Iam.RealmAdmin.V1;
using RealmAdmin.Tests.Hosting;
using RealmAdmin.Tests.Storage;
using RealmAdmin.Tests.Writes;
using Testing;
using Testing.Databases;

namespace RealmAdmin.Tests.Realms;

/// <summary>A realm's own host name: among all realms no two have the same.</summary>
public abstract class HostNameContract(TestDatabase fixture) : IAsyncLifetime
{
    private readonly string _hostName = $"{Samples.NewRealmId()}.example.com";
    private RealmAdminServer _server = null!;
    private AdminCalls _admin = null!;

    public async Task InitializeAsync()
    {
        _server = await RealmAdminServer.SharedAsync(fixture);
        _admin = new AdminCalls(_server);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [StorageFact]
    public async Task A_host_name_is_found_from_its_giving_to_its_end()
    {
        var realmId = (await _admin.CallAsync<CreateRealmResponse>(new CreateRealmRequest { Realm = new() { RealmId = Samples.NewRealmId(), HostName = _hostName } })).Realm.RealmId;
        Assert.Equal(realmId, await ResolveAsync(_hostName));
        Assert.Equal(_hostName, (await _admin.CallAsync<GetRealmResponse>(new GetRealmRequest { RealmId = realmId })).Realm.HostName);

        await SetAsync(realmId, $"new-{_hostName}:8443");
        Assert.Equal(("", realmId), (await ResolveAsync(_hostName), await ResolveAsync($"new-{_hostName}:8443")));

        await SetAsync(realmId, "");
        Assert.Equal("", await ResolveAsync($"new-{_hostName}:8443"));
        Assert.Equal("", (await _admin.CallAsync<GetRealmResponse>(new GetRealmRequest { RealmId = realmId })).Realm.HostName);
    }

    [StorageFact]
    public async Task A_host_name_of_another_realm_is_refused_by_every_way_of_writing()
    {
        var owner = await _admin.NewRealmAsync($"host_name: {_hostName}");
        var other = await _admin.NewRealmAsync("display_name: other");

        var update = await _admin.RefusalAsync(Update(other, _hostName));
        var create = await _admin.RefusalAsync(new CreateRealmRequest { Realm = new() { RealmId = Samples.NewRealmId(), HostName = _hostName } });
        var import = await _admin.RefusalAsync(new ImportRealmRequest { RealmId = other, Document = $"realm_id: {other}\nhost_name: {_hostName}" });

        Assert.Equal((StatusCode.AlreadyExists, "HOST_NAME_TAKEN", ("realm.host_name", "is taken by another realm")), (update.Code, update.Reason, Assert.Single(update.Violations)));
        Assert.Equal(("HOST_NAME_TAKEN", "realm.host_name"), (create.Reason, Assert.Single(create.Fields)));
        Assert.Equal(("HOST_NAME_TAKEN", "host_name"), (import.Reason, Assert.Single(import.Fields)));
        Assert.Equal(owner, await ResolveAsync(_hostName));
        Assert.Equal(1, await _admin.RevisionAsync(other));
    }

    [StorageFact]
    public async Task Of_many_realms_that_take_a_host_name_at_once_one_gets_it()
    {
        var realmIds = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _admin.NewRealmAsync("display_name: racer")));

        var reasons = await Task.WhenAll(realmIds.Select(async realmId =>
        {
            try
            {
                await SetAsync(realmId, _hostName);
                return realmId;
            }
            catch (RpcException refusal)
            {
                return RichStatus.ReasonOf(refusal);
            }
        }));

        Assert.Equal(7, reasons.Count(reason => reason == "HOST_NAME_TAKEN"));
        Assert.Equal(reasons.Single(reason => reason != "HOST_NAME_TAKEN"), await ResolveAsync(_hostName));
    }

    [StorageFact]
    public async Task A_disabled_realm_keeps_its_host_name_and_a_deleted_one_does_not()
    {
        var realmId = await _admin.NewRealmAsync($"host_name: {_hostName}\ndisabled: true");
        var other = await _admin.NewRealmAsync("display_name: other");
        Assert.Equal("HOST_NAME_TAKEN", (await _admin.RefusalAsync(Update(other, _hostName))).Reason);

        await _admin.CallAsync(new DeleteRealmRequest { RealmId = realmId });

        await SetAsync(other, _hostName);
        Assert.Equal(other, await ResolveAsync(_hostName));
    }

    [StorageTheory]
    [InlineData("Login.example.com")]
    [InlineData("login.example.com.")]
    [InlineData("login..example.com")]
    [InlineData("-login.example.com")]
    [InlineData("login-.example.com")]
    [InlineData("login.example.com:443")]
    [InlineData("login.example.com:80")]
    [InlineData("login.example.com:0")]
    [InlineData("login.example.com:65536")]
    [InlineData("login.example.com:08443")]
    [InlineData("login.example.com:")]
    [InlineData("login.example.com/path")]
    [InlineData("https://login.example.com")]
    [InlineData("user@login.example.com")]
    [InlineData("login.example.com\n")]
    [InlineData("10.0.0.1")]
    [InlineData("10.0.0.1:8443")]
    [InlineData("[::1]")]
    [InlineData("login_1.example.com")]
    [InlineData("größe.example.com")]
    [InlineData("*.example.com")]
    public async Task What_is_no_host_name_in_its_one_spelling_is_refused(string hostName)
    {
        var refusal = await _admin.RefusalAsync(new CreateRealmRequest { Realm = new() { RealmId = Samples.NewRealmId(), HostName = hostName } });

        Assert.Equal(("INVALID_NAME", "realm.host_name"), (refusal.Reason, Assert.Single(refusal.Fields)));
    }

    [StorageFact]
    public async Task A_realms_own_administrator_does_not_choose_its_host_name_but_may_give_it_up()
    {
        const string rights = "clients: [{client_id: admin, client_type: service}]\nrole_bindings: [{client_id: admin, role_id: iam-administrator}]";
        var realmId = await _admin.NewRealmAsync($"host_name: {_hostName}\n{rights}");
        var administrator = new Caller
        {
            Kind = CallerKind.Token,
            Id = "admin",
            RealmId = realmId,
            Principal = Principal.Client("admin"),
            Scopes = ["iam.realms.write"],
        };
        var import = Import();

        var refusal = await Assert.ThrowsAsync<IamException>(() => import.ExecuteAsync(administrator, realmId, $"realm_id: {realmId}\nhost_name: other-{_hostName}\n{rights}", planEtag: "", default));
        Assert.Equal((ErrorReason.PermissionDenied, realmId), (refusal.Reason, refusal.Metadata["realm_id"]));
        Assert.Equal(realmId, await ResolveAsync(_hostName));
        await import.ExecuteAsync(administrator, realmId, $"realm_id: {realmId}\nhost_name: {_hostName}\ndisplay_name: new\n{rights}", planEtag: "", default);

        await import.ExecuteAsync(administrator, realmId, $"realm_id: {realmId}", planEtag: "", default);

        Assert.Equal("", await ResolveAsync(_hostName));
    }

    private ImportRealm Import()
    {
        var (tables, clock) = (new RealmTables(new RealmStore()), new FakeClock());
        return new ImportRealm(fixture.Database, tables, new RealmWrites(fixture.Database, new RealmStore(), tables, new(), clock), new ErasureStore(), new HoldingsReader(tables, new RealmStore(), new RoleBindingStore(), new PlatformRealm(PlatformRealm.UsualId), clock), new UpstreamSecrets(new SecretSealing(new SecretsSettings())));
    }

    private async Task<string> ResolveAsync(string hostName) =>
        (await _server.Feed.ResolveHostAsync(new() { HostName = hostName }, RealmAdminServer.Operator)).RealmId;

    private Task SetAsync(string realmId, string hostName) => _admin.CallAsync(Update(realmId, hostName));

    private static UpdateRealmRequest Update(string realmId, string hostName) =>
        new() { Realm = new() { RealmId = realmId, HostName = hostName }, UpdateMask = new FieldMask { Paths = { "host_name" } } };
}

public sealed class SqliteHostNameTests(SqliteRealmAdminDatabase fixture) : HostNameContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresHostNameTests(PostgresRealmAdminDatabase fixture) : HostNameContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
