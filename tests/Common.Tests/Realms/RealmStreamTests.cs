using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Errors.V1;

namespace Common.Tests.Realms;

public sealed class RealmStreamTests : RealmSnapshotsScenario
{
    [Fact]
    public async Task A_broken_stream_goes_on_after_the_revision_that_was_had()
    {
        var first = await LoadAsync(3);
        first.Delta(4);
        await GetAsync(minRevision: 4);

        first.Break();
        var second = await NextStreamAsync();
        second.Delta(5, RealmParts.User("u"));

        Assert.Equal(4, second.AfterRevision);
        Assert.NotNull((await GetAsync(minRevision: 5)).FindUser("u"));
    }

    [Fact]
    public async Task A_follower_says_which_realm_it_has_so_that_another_under_the_same_id_is_told_from_it()
    {
        var made = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        var waiting = GetAsync();
        var first = await Feed.NextAsync();
        Assert.Null(first.CreatedAt);
        first.Snapshot(3, new Realm { RealmId = "demo", CreatedAt = made });
        await waiting;

        first.Break();

        Assert.Equal(made, (await NextStreamAsync()).CreatedAt);
    }

    [Fact]
    public async Task A_snapshot_of_another_realm_under_the_same_id_is_the_end_of_the_one_before()
    {
        var made = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        List<string> dropped = [];
        Realms.Dropped += dropped.Add;
        var first = await LoadAsync(3);

        first.Snapshot(1, new Realm { RealmId = "demo", CreatedAt = made }, RealmParts.User("new"));
        await AdvanceUntilAsync(() => dropped.Count == 1);
        var refusal = await Assert.ThrowsAsync<IamException>(async () => await GetAsync());
        Assert.Equal(ErrorReason.RealmNotFound, refusal.Reason);

        Clock.Advance(TimeSpan.FromSeconds(1));
        var waiting = GetAsync();
        var second = await NextStreamAsync();
        second.Snapshot(1, new Realm { RealmId = "demo", CreatedAt = made }, RealmParts.User("new"));
        Assert.Equal((0, null), (second.AfterRevision, second.CreatedAt));
        Assert.NotNull((await waiting).FindUser("new"));
    }

    [Fact]
    public async Task A_stream_that_ends_is_asked_for_again()
    {
        var first = await LoadAsync(3);
        first.Events.Writer.Complete();

        Assert.Equal(3, (await NextStreamAsync()).AfterRevision);
    }

    [Fact]
    public async Task A_silent_stream_is_replaced()
    {
        await LoadAsync(3);

        Assert.Equal(3, (await NextStreamAsync()).AfterRevision);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public async Task A_heartbeat_of_another_revision_means_that_something_was_missed_and_asks_for_everything(long revision)
    {
        var first = await LoadAsync(3);

        first.Heartbeat(revision);
        var second = await NextStreamAsync();
        second.Snapshot(2, resources: RealmParts.User("restored"));

        Assert.Equal(0, second.AfterRevision);
        await AdvanceUntilAsync(() => GetAsync() is { IsCompletedSuccessfully: true } get && get.Result.Revision == 2);
    }

    [Fact]
    public async Task A_half_received_snapshot_is_forgotten_with_its_stream()
    {
        var waiting = GetAsync();
        var first = await Feed.NextAsync();
        first.Events.Writer.TryWrite(new RealmFeedEvent.SnapshotPart { Revision = 3, Resources = [RealmParts.User("u")], IsLast = false });
        first.Break();
        (await NextStreamAsync()).Snapshot(4);

        Assert.Null((await waiting).FindUser("u"));
    }

    [Fact]
    public async Task An_unknown_realm_is_asked_about_once_a_second()
    {
        await AssertUnknownAsync(expectedStreams: 1);
        await AssertNotFoundAsync();
        Assert.Equal(1, Feed.Count);

        Clock.Advance(TimeSpan.FromSeconds(1));

        await AssertUnknownAsync(expectedStreams: 2);
    }

    [Fact]
    public async Task A_name_that_no_realm_can_have_is_not_asked_about()
    {
        foreach (var realmId in (string[])["", "a b", "demo\0", "démo", new('a', 101)])
        {
            var refusal = await Assert.ThrowsAsync<IamException>(() => Realms.GetAsync(realmId, 0, CancellationToken.None).AsTask());
            Assert.Equal(ErrorReason.RealmNotFound, refusal.Reason);
        }

        Assert.Equal(0, Feed.Count);
    }

    [Fact]
    public async Task A_realm_that_is_deleted_is_gone_for_all_readers()
    {
        var stream = await LoadAsync(3);
        stream.EndAsUnknown();

        await AdvanceUntilAsync(() => GetAsync().IsFaulted);

        await AssertNotFoundAsync();
        Assert.Equal(
            ErrorReason.RealmNotFound,
            (await Assert.ThrowsAsync<IamException>(() => Realms.GetLastKnownAsync("demo", CancellationToken.None).AsTask())).Reason);
    }

    [Fact]
    public async Task A_disabled_realm_is_not_there_until_it_is_enabled()
    {
        var waiting = GetAsync();
        var stream = await Feed.NextAsync();
        stream.Snapshot(3, disabled: true);
        Assert.Equal(ErrorReason.RealmNotFound, (await Assert.ThrowsAsync<IamException>(() => waiting)).Reason);
        await AssertNotFoundAsync();

        stream.Delta(4, RealmParts.Realm());

        Assert.Equal(4, (await GetAsync(minRevision: 4)).Revision);
        Assert.Equal(1, Feed.Count);
    }
}
