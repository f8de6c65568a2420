using Google.Protobuf;
using Grpc.Core;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.RealmAdmin.Audit;
using Pltfrms.Iam.RealmAdmin.V1;
using RealmAdmin.Tests.Hosting;
using RealmAdmin.Tests.Storage;
using Testing.Databases;

namespace RealmAdmin.Tests.Audit;

/// <summary>The heads of other chains in the realm's own: an event like any other, and none that a watcher of the realm sees.</summary>
public abstract class AnchorChainContract(TestDatabase fixture) : IAsyncLifetime
{
    private readonly string _realmId = Samples.NewRealmId();
    private RealmAdminServer _server = null!;

    private AuditService.AuditServiceClient Audit => new(_server.Channel);

    public async Task InitializeAsync()
    {
        _server = await RealmAdminServer.StartAsync(new Dictionary<string, string?>(fixture.Settings));
        await _server.ImportAsync(_realmId, $"realm_id: {_realmId}");
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [StorageFact]
    public async Task An_anchor_is_an_event_of_the_chain_and_the_chain_still_verifies()
    {
        var first = await AnchorAsync(3, 0xAA);
        var second = await AnchorAsync(5, 0xBB);

        var events = (await Audit.ListEventsAsync(
            new() { RealmId = _realmId, ResourceKind = "chain", ResourceId = "consent_receipts" }, RealmAdminServer.Operator)).Events;
        Assert.Equal([second, first], events.Select(found => found.Revision));
        Assert.Equal([ChangeKind.Update, ChangeKind.Create], events.Select(found => found.ChangeKind));
        Assert.Equal(
            [("hash", Hex(0xAA), Hex(0xBB)), ("sequence", "3", "5")], events[0].Fields.Select(field => (field.Field, field.Before, field.After)));
        Assert.Equal((0, $"{_realmId}: the chain holds, 3 events up to revision {second} ordinal 0"), await VerifyAsync());
    }

    [StorageFact]
    public async Task An_anchor_that_is_not_newer_writes_nothing()
    {
        var revision = await AnchorAsync(3, 0xAA);

        Assert.Equal(revision, await AnchorAsync(3, 0xAA));
        Assert.Equal(revision, await AnchorAsync(2, 0xCC));
    }

    [StorageFact]
    public async Task Another_hash_for_an_entry_that_is_anchored_is_refused()
    {
        await AnchorAsync(3, 0xAA);

        Assert.Equal("INVALID_ARGUMENT", await RefusedAsync(new() { RealmId = _realmId, Chain = "consent_receipts", Sequence = 3, Hash = Bytes(0xBB) }));
    }

    [StorageFact]
    public async Task A_watcher_of_the_realm_is_told_of_no_resource()
    {
        var revision = await AnchorAsync(1, 0xAA);
        using var watch = new RealmFeedService.RealmFeedServiceClient(_server.Channel).WatchRealm(
            new() { RealmId = _realmId, AfterRevision = revision - 1 }, RealmAdminServer.Operator);
        Assert.True(await watch.ResponseStream.MoveNext(CancellationToken.None));

        var delta = watch.ResponseStream.Current;

        Assert.Equal(revision, delta.Delta.Revision);
        Assert.Equal((0, 0), (delta.Delta.Upserts.Count, delta.Delta.Deletes.Count));
    }

    [StorageFact]
    public async Task What_is_no_anchor_is_refused()
    {
        Assert.Equal("INVALID_ARGUMENT", await RefusedAsync(new() { RealmId = _realmId, Chain = "another", Sequence = 1, Hash = Bytes(1) }));
        Assert.Equal("INVALID_ARGUMENT", await RefusedAsync(new() { RealmId = _realmId, Chain = "consent_receipts", Hash = Bytes(1) }));
        Assert.Equal("INVALID_ARGUMENT", await RefusedAsync(
            new() { RealmId = _realmId, Chain = "consent_receipts", Sequence = 1, Hash = ByteString.CopyFrom(1, 2) }));
        Assert.Equal("REALM_NOT_FOUND", await RefusedAsync(new() { RealmId = "nowhere", Chain = "consent_receipts", Sequence = 1, Hash = Bytes(1) }));
    }

    private async Task<long> AnchorAsync(long sequence, byte value) => (await Audit.AnchorChainAsync(
        new() { RealmId = _realmId, Chain = "consent_receipts", Sequence = sequence, Hash = Bytes(value) }, RealmAdminServer.Operator)).Revision;

    private async Task<string?> RefusedAsync(AnchorChainRequest request) => RichStatus.ReasonOf(
        await Assert.ThrowsAsync<RpcException>(async () => await Audit.AnchorChainAsync(request, RealmAdminServer.Operator)));

    private async Task<(int, string)> VerifyAsync()
    {
        await using var output = new StringWriter();
        var command = new AuditCommand(_ => fixture.Connect(), output, TextWriter.Null);
        var code = await command.RunAsync(["verify-audit", "--realm", _realmId], CancellationToken.None);
        return (code, output.ToString().Split(", head")[0]);
    }

    private static ByteString Bytes(byte value) => ByteString.CopyFrom([.. Enumerable.Repeat(value, 32)]);

    private static string Hex(byte value) => $"\"{Convert.ToHexStringLower([.. Enumerable.Repeat(value, 32)])}\"";
}

public sealed class SqliteAnchorChainTests(SqliteRealmAdminDatabase fixture) : AnchorChainContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresAnchorChainTests(PostgresRealmAdminDatabase fixture)
    : AnchorChainContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
