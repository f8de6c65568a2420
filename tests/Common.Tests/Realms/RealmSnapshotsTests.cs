using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Errors.V1;

namespace Common.Tests.Realms;

public sealed class RealmSnapshotsTests : IAsyncDisposable
{
    private readonly SteppedClock _clock = new();
    private readonly FakeFeed _feed = new();
    private readonly RealmSnapshots _realms;

    public RealmSnapshotsTests() => _realms = Create(new());

    public ValueTask DisposeAsync() => _realms.DisposeAsync();

    [Fact]
    public async Task Concurrent_first_users_share_one_load()
    {
        var waiting = Enumerable.Range(0, 50).Select(_ => Task.Run(() => GetAsync())).ToList();
        var stream = await _feed.NextAsync();

        stream.Snapshot(3);

        var snapshots = await Task.WhenAll(waiting);
        Assert.All(snapshots, snapshot => Assert.Same(snapshots[0], snapshot));
        Assert.Equal((3, "demo", 0), (snapshots[0].Revision, stream.RealmId, stream.AfterRevision));
        Assert.Equal(1, _feed.Count);
    }

    [Fact]
    public async Task A_current_realm_is_had_at_once_and_without_allocating()
    {
        await LoadAsync(3);
        await _realms.GetAsync("demo", 3, CancellationToken.None);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var get = _realms.GetAsync("demo", 3, CancellationToken.None);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(get.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_delta_arrives_for_whoever_waits_for_its_revision()
    {
        var stream = await LoadAsync(3);
        var waiting = GetAsync(minRevision: 5);
        stream.Delta(4, RealmParts.User("u"));
        stream.Delta(5, RealmParts.User("v"));

        var snapshot = await waiting;

        Assert.Equal(5, snapshot.Revision);
        Assert.NotNull(snapshot.FindUser("u"));
    }

    [Fact]
    public async Task A_revision_that_does_not_come_is_waited_for_within_a_bound()
    {
        var stream = await LoadAsync(3);
        var waiting = GetAsync(minRevision: 9);
        for (var i = 0; i < 5; i++)
        {
            Assert.False(waiting.IsCompleted);
            await HeartbeatAsync(stream, 3);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        var refusal = await Assert.ThrowsAsync<IamException>(() => waiting);
        Assert.Equal(ErrorReason.RevisionNotReached, refusal.Reason);
        Assert.Equal(("9", "3"), (refusal.Metadata["min_revision"], refusal.Metadata["revision"]));
    }

    [Fact]
    public async Task A_revision_that_does_not_come_within_the_call_s_deadline_is_not_waited_for_longer()
    {
        await LoadAsync(3);
        using var deadline = new CancellationTokenSource();
        var waiting = _realms.GetAsync("demo", 4, deadline.Token).AsTask();

        await deadline.CancelAsync();

        Assert.Equal(ErrorReason.RevisionNotReached, (await Assert.ThrowsAsync<IamException>(() => waiting)).Reason);
    }

    [Fact]
    public async Task A_realm_that_was_not_heard_of_for_too_long_is_not_guessed_about()
    {
        await LoadAsync(3);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.True(IsCurrent(_realms, "demo"));
        Assert.True(_realms.IsHealthy);

        _clock.Advance(TimeSpan.FromMilliseconds(1));
        var waiting = GetAsync();
        Assert.False(waiting.IsCompleted);
        Assert.False(_realms.IsHealthy);
        _clock.Advance(TimeSpan.FromSeconds(2));

        var refusal = await Assert.ThrowsAsync<IamException>(() => waiting);
        Assert.Equal((ErrorReason.RealmFeedUnavailable, "demo"), (refusal.Reason, refusal.Metadata["realm_id"]));
    }

    [Fact]
    public async Task A_heartbeat_makes_a_stale_realm_current_for_whoever_waits()
    {
        var stream = await LoadAsync(3);
        _clock.Advance(TimeSpan.FromSeconds(3));
        var waiting = GetAsync();

        stream.Heartbeat(3);

        Assert.Equal(3, (await waiting).Revision);
        Assert.True(IsCurrent(_realms, "demo"));
    }

    [Fact]
    public async Task A_part_of_a_snapshot_does_not_make_a_stale_realm_current()
    {
        var stream = await LoadAsync(3);
        _clock.Advance(TimeSpan.FromSeconds(3));
        var waiting = GetAsync();

        Assert.True(stream.Events.Writer.TryWrite(new RealmFeedEvent.SnapshotPart { Revision = 4, Resources = [], IsLast = false }));
        await Task.Delay(20);

        Assert.False(waiting.IsCompleted);
    }

    [Fact]
    public async Task What_was_last_known_is_there_however_old()
    {
        await LoadAsync(3);
        _clock.Advance(TimeSpan.FromHours(3));

        Assert.Equal(3, (await _realms.GetLastKnownAsync("demo", CancellationToken.None)).Revision);
    }

    [Fact]
    public async Task A_realm_that_was_never_seen_is_waited_for_within_a_bound()
    {
        var waiting = _realms.GetLastKnownAsync("demo", CancellationToken.None).AsTask();
        (await _feed.NextAsync()).Break();

        var refusal = Assert.ThrowsAsync<IamException>(() => waiting);
        await AdvanceUntilAsync(() => refusal.IsCompleted);

        Assert.Equal(ErrorReason.RealmFeedUnavailable, (await refusal).Reason);
    }

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
        var first = await _feed.NextAsync();
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
        Assert.Equal(1, _feed.Count);

        _clock.Advance(TimeSpan.FromSeconds(1));

        await AssertUnknownAsync(expectedStreams: 2);
    }

    [Fact]
    public async Task A_name_that_no_realm_can_have_is_not_asked_about()
    {
        foreach (var realmId in (string[])["", "a b", "demo\0", "démo", new('a', 101)])
        {
            var refusal = await Assert.ThrowsAsync<IamException>(() => _realms.GetAsync(realmId, 0, CancellationToken.None).AsTask());
            Assert.Equal(ErrorReason.RealmNotFound, refusal.Reason);
        }

        Assert.Equal(0, _feed.Count);
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
            (await Assert.ThrowsAsync<IamException>(() => _realms.GetLastKnownAsync("demo", CancellationToken.None).AsTask())).Reason);
    }

    [Fact]
    public async Task A_disabled_realm_is_not_there_until_it_is_enabled()
    {
        var waiting = GetAsync();
        var stream = await _feed.NextAsync();
        stream.Snapshot(3, disabled: true);
        Assert.Equal(ErrorReason.RealmNotFound, (await Assert.ThrowsAsync<IamException>(() => waiting)).Reason);
        await AssertNotFoundAsync();

        stream.Delta(4, RealmParts.Realm());

        Assert.Equal(4, (await GetAsync(minRevision: 4)).Revision);
        Assert.Equal(1, _feed.Count);
    }

    [Fact]
    public async Task Over_the_bound_the_realm_that_was_not_used_for_longest_is_dropped()
    {
        await using var realms = Create(new() { MaxRealms = 2, StaleAfter = TimeSpan.FromMinutes(5) });
        foreach (var realmId in (string[])["a", "b"])
        {
            await LoadAsync(realms, realmId);
            _clock.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.True(IsCurrent(realms, "a"));
        await LoadAsync(realms, "c");

        Assert.True(IsCurrent(realms, "a"));
        Assert.True(IsCurrent(realms, "c"));
        Assert.Equal("b", (await LoadAsync(realms, "b")).RealmId);
    }

    [Fact]
    public async Task Nobody_waits_for_a_feed_that_is_closed()
    {
        var waiting = GetAsync();
        await _feed.NextAsync();

        await _realms.DisposeAsync();

        Assert.Equal(ErrorReason.RealmFeedUnavailable, (await Assert.ThrowsAsync<IamException>(() => waiting)).Reason);
    }

    private RealmSnapshots Create(RealmFeedOptions options) =>
        new(_feed, Options.Create(options), _clock, NullLogger<RealmSnapshots>.Instance);

    private static bool IsCurrent(RealmSnapshots realms, string realmId) =>
        realms.GetAsync(realmId, 0, CancellationToken.None).AsTask().IsCompletedSuccessfully;

    private Task<RealmSnapshot> GetAsync(long minRevision = 0) => _realms.GetAsync("demo", minRevision, CancellationToken.None).AsTask();

    private async Task<FeedStream> LoadAsync(long revision)
    {
        var waiting = GetAsync();
        var stream = await _feed.NextAsync();
        stream.Snapshot(revision);
        await waiting;
        return stream;
    }

    private async Task<FeedStream> LoadAsync(RealmSnapshots realms, string realmId)
    {
        var waiting = realms.GetAsync(realmId, 0, CancellationToken.None);
        var stream = await _feed.NextAsync();
        stream.Snapshot(1);
        await waiting;
        return stream;
    }

    /// <summary>Sends a heartbeat and waits until it was taken: only then is a realm that is stale now current again.</summary>
    private async Task HeartbeatAsync(FeedStream stream, long revision)
    {
        stream.Heartbeat(revision);
        await AdvanceUntilAsync(() => stream.Events.Reader.Count == 0, TimeSpan.Zero);
        await Task.Delay(10);
    }

    private async Task<FeedStream> NextStreamAsync()
    {
        FeedStream? stream = null;
        await AdvanceUntilAsync(() => _feed.TryNext(out stream));
        return stream!;
    }

    private Task AdvanceUntilAsync(Func<bool> condition) => AdvanceUntilAsync(condition, TimeSpan.FromMilliseconds(50));

    private async Task AdvanceUntilAsync(Func<bool> condition, TimeSpan step)
    {
        for (var i = 0; i < 1000; i++)
        {
            if (condition())
            {
                return;
            }

            _clock.Advance(step);
            await Task.Delay(2);
        }

        Assert.Fail("It did not happen.");
    }

    private async Task AssertUnknownAsync(int expectedStreams)
    {
        var waiting = GetAsync();
        (await _feed.NextAsync()).EndAsUnknown();
        Assert.Equal(ErrorReason.RealmNotFound, (await Assert.ThrowsAsync<IamException>(() => waiting)).Reason);
        Assert.Equal(expectedStreams, _feed.Count);
    }

    private async Task AssertNotFoundAsync()
    {
        var refusal = await Assert.ThrowsAsync<IamException>(() => GetAsync());
        Assert.Equal((ErrorReason.RealmNotFound, "demo"), (refusal.Reason, refusal.Metadata["realm_id"]));
    }
}
