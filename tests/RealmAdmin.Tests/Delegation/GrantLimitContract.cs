using Google.Protobuf;
using Grpc.Core;
using RealmAdmin.Tests.Audit;
using RealmAdmin.Tests.Hosting;
using RealmAdmin.Tests.Storage;
using RealmAdmin.Tests.Writes;
using Testing.Databases;

namespace RealmAdmin.Tests.Delegation;

/// <summary>Nobody grants more than they hold.</summary>
public abstract class GrantLimitContract(TestDatabase fixture) : IAsyncLifetime
{
    private TokenServiceStandIn _tokens = null!;
    private RealmAdminServer _server = null!;
    private AdminCalls _calls = null!;
    private string _realmId = "";

    public async Task InitializeAsync()
    {
        _tokens = await TokenServiceStandIn.StartAsync();
        _server = await RealmAdminServer.StartAsync(
            new Dictionary<string, string?>(fixture.Settings) { ["Peers:Token:Address"] = _tokens.Address });
        _calls = new AdminCalls(_server);
        _realmId = await _calls.NewRealmAsync(DelegationRealm.Document);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _tokens.DisposeAsync();
    }

    [StorageTheory]
    [MemberData(nameof(GrantAttacks.Names), MemberType = typeof(GrantAttacks))]
    public async Task A_write_that_gives_more_than_its_caller_holds_is_refused_and_changes_nothing(string attack)
    {
        var (request, permission, caller) = GrantAttacks.All[attack];
        var before = await _calls.RevisionAsync(_realmId);

        var refusal = await _calls.RefusalAsync(InRealm(request), caller);

        Assert.Equal((StatusCode.PermissionDenied, "GRANT_EXCEEDS_OWN"), (refusal.Code, refusal.Reason));
        Assert.Equal(new Dictionary<string, string> { ["permission"] = permission, ["realm_id"] = _realmId }, refusal.Metadata);
        Assert.Equal(before, await _calls.RevisionAsync(_realmId));
    }

    /// <summary>The same writes are nothing that an operator, or who may write the realm, could not do.</summary>
    [StorageTheory]
    [MemberData(nameof(GrantAttacks.Names), MemberType = typeof(GrantAttacks))]
    public async Task The_same_write_is_open_to_who_may_do_everything(string attack)
    {
        var root = DelegationRealm.Client("root", $"{DelegationRealm.Writes} iam.realms.write");

        await _calls.CallAsync(InRealm(GrantAttacks.All[attack].Request), root);
    }

    [StorageTheory]
    [MemberData(nameof(AllowedGrants.Names), MemberType = typeof(AllowedGrants))]
    public async Task A_write_that_gives_no_more_than_its_caller_holds_is_done(string grant)
    {
        var (request, caller) = AllowedGrants.All[grant];

        await _calls.CallAsync(InRealm(request), caller);
    }

    private IMessage InRealm(IMessage request)
    {
        var copy = request.Descriptor.Parser.ParseFrom(request.ToByteArray());
        copy.Descriptor.FindFieldByName("realm_id").Accessor.SetValue(copy, _realmId);
        return copy;
    }
}

public sealed class SqliteGrantLimitTests(SqliteRealmAdminDatabase fixture) : GrantLimitContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresGrantLimitTests(PostgresRealmAdminDatabase fixture) : GrantLimitContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
