using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Errors.V1;

namespace Common.Tests.Realms;

public sealed class RealmSnapshotsTests : RealmSnapshotsScenario
{
    [Fact]
    public async Task Concurrent_first_users_share_one_load()
    {
        var waiting = Enumerable.Range(0, 50).Select(_ => Task.Run(() => GetAsync())).ToList();
        var stream = await Feed.NextAsync();

        stream.Snapshot(3);

        var snapshots = await Task.WhenAll(waiting);
        Assert.All(snapshots, snapshot => Assert.Same(snapshots[0], snapshot));
        Assert.Equal((3, "demo", 0), (snapshots[0].Revision, stream.RealmId, stream.AfterRevision));
        Assert.Equal(1, Feed.Count);
    }

    [Fact]
    public async Task A_current_realm_is_had_at_once_and_without_allocating()
    {
        await LoadAsync(3);
        await Realms.GetAsync("demo", 3, CancellationToken.None);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var get = Realms.GetAsync("demo", 3, CancellationToken.None);

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
        await using var realms = Create(new() { StaleAfter = TimeSpan.FromMinutes(1) });
        await LoadAsync(realms, "demo");
        var waiting = realms.GetAsync("demo", 9, CancellationToken.None).AsTask();
        Clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(waiting.IsCompleted);

        Clock.Advance(TimeSpan.FromSeconds(0.1));

        var refusal = await Assert.ThrowsAsync<IamException>(() => waiting);
        Assert.Equal(ErrorReason.RevisionNotReached, refusal.Reason);
        Assert.Equal(("9", "1"), (refusal.Metadata["min_revision"], refusal.Metadata["revision"]));
    }

    [Fact]
    public async Task A_revision_that_does_not_come_within_the_call_s_deadline_is_not_waited_for_longer()
    {
        await LoadAsync(3);
        using var deadline = new CancellationTokenSource();
        var waiting = Realms.GetAsync("demo", 4, deadline.Token).AsTask();

        await deadline.CancelAsync();

        Assert.Equal(ErrorReason.RevisionNotReached, (await Assert.ThrowsAsync<IamException>(() => waiting)).Reason);
    }

    [Fact]
    public async Task A_realm_that_was_not_heard_of_for_too_long_is_not_guessed_about()
    {
        await LoadAsync(3);
        Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.True(IsCurrent(Realms, "demo"));
        Assert.True(Realms.IsHealthy);

        Clock.Advance(TimeSpan.FromMilliseconds(1));
        var waiting = GetAsync();
        Assert.False(waiting.IsCompleted);
        Assert.False(Realms.IsHealthy);
        Clock.Advance(TimeSpan.FromSeconds(2));

        var refusal = await Assert.ThrowsAsync<IamException>(() => waiting);
        Assert.Equal((ErrorReason.RealmFeedUnavailable, "demo"), (refusal.Reason, refusal.Metadata["realm_id"]));
    }

    [Fact]
    public async Task A_heartbeat_makes_a_stale_realm_current_for_whoever_waits()
    {
        var stream = await LoadAsync(3);
        Clock.Advance(TimeSpan.FromSeconds(3));
        var waiting = GetAsync();

        stream.Heartbeat(3);

        Assert.Equal(3, (await waiting).Revision);
        Assert.True(IsCurrent(Realms, "demo"));
    }

    [Fact]
    public async Task A_part_of_a_snapshot_does_not_make_a_stale_realm_current()
    {
        var stream = await LoadAsync(3);
        Clock.Advance(TimeSpan.FromSeconds(3));
        var waiting = GetAsync();

        Assert.True(stream.Events.Writer.TryWrite(new RealmFeedEvent.SnapshotPart { Revision = 4, Resources = [], IsLast = false }));
        await Task.Delay(20);

        Assert.False(waiting.IsCompleted);
    }

    [Fact]
    public async Task What_was_last_known_is_there_however_old()
    {
        await LoadAsync(3);
        Clock.Advance(TimeSpan.FromHours(3));

        Assert.Equal(3, (await Realms.GetLastKnownAsync("demo", CancellationToken.None)).Revision);
    }

    [Fact]
    public async Task A_realm_that_was_never_seen_is_waited_for_within_a_bound()
    {
        var waiting = Realms.GetLastKnownAsync("demo", CancellationToken.None).AsTask();
        (await Feed.NextAsync()).Break();

        var refusal = Assert.ThrowsAsync<IamException>(() => waiting);
        await AdvanceUntilAsync(() => refusal.IsCompleted);

        Assert.Equal(ErrorReason.RealmFeedUnavailable, (await refusal).Reason);
    }

    [Fact]
    public async Task Over_the_bound_the_realm_that_was_not_used_for_longest_is_dropped()
    {
        await using var realms = Create(new() { MaxRealms = 2, StaleAfter = TimeSpan.FromMinutes(5) });
        foreach (var realmId in (string[])["a", "b"])
        {
            await LoadAsync(realms, realmId);
            Clock.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.True(IsCurrent(realms, "a"));
        await LoadAsync(realms, "c");

        Assert.True(IsCurrent(realms, "a"));
        Assert.True(IsCurrent(realms, "c"));
        Assert.Equal("b", (await LoadAsync(realms, "b")).RealmId);
    }

    [Fact]
    public async Task Nobody_waits_for_aFeed_that_is_closed()
    {
        var waiting = GetAsync();
        await Feed.NextAsync();

        await Realms.DisposeAsync();

        Assert.Equal(ErrorReason.RealmFeedUnavailable, (await Assert.ThrowsAsync<IamException>(() => waiting)).Reason);
    }

    [Fact]
    public async Task A_flood_of_names_asks_for_no_more_than_a_few_at_once()
    {
        var waiting = Enumerable.Range(0, 1_000).Select(i => Realms.GetAsync($"name-{i}", 0, CancellationToken.None).AsTask()).ToList();

        var streams = new List<FeedStream>();
        for (var i = 0; i < RealmSnapshots.LoadsAtOnce; i++)
        {
            streams.Add(await Feed.NextAsync());
        }

        await Task.Delay(200);
        Assert.Equal(RealmSnapshots.LoadsAtOnce, Feed.Count);
        foreach (var stream in streams)
        {
            stream.EndAsUnknown();
        }

        for (var i = RealmSnapshots.LoadsAtOnce; i < waiting.Count; i++)
        {
            (await Feed.NextAsync()).EndAsUnknown();
        }

        foreach (var one in waiting)
        {
            Assert.Equal(ErrorReason.RealmNotFound, (await Assert.ThrowsAsync<IamException>(() => one)).Reason);
        }
    }

    [Fact]
    public async Task Who_keeps_something_for_a_realm_is_told_when_it_goes()
    {
        var gone = new List<string>();
        await using var realms = Create(new() { MaxRealms = 1 });
        realms.Dropped += gone.Add;
        await LoadAsync(realms, "first");
        Clock.Advance(TimeSpan.FromSeconds(2));

        await LoadAsync(realms, "second");

        await AdvanceUntilAsync(() => gone.Count > 0);
        Assert.Equal(["first"], gone);
    }
}
