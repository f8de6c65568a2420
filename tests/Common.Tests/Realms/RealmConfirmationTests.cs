using Pltfrms.Iam.Common.Realms;

namespace Common.Tests.Realms;

/// <summary>Realms whose own streams say nothing while nothing changes, as realm-admin's do.</summary>
public sealed class RealmConfirmationTests : RealmSnapshotsScenario
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_realm_stays_current_on_the_beats_of_one_stream_while_its_own_is_silent()
    {
        await LoadAsync(3);
        var (confirmations, demo) = await FollowedAsync();

        confirmations.Say((demo, At(3)));
        await BeatAsync(confirmations, times: 30);

        Assert.True(IsCurrent(Realms, "demo"));
        Assert.Equal(1, Feed.Count);
    }

    [Fact]
    public async Task A_realm_that_has_moved_is_stale_in_time_however_many_beats_come_until_its_own_stream_says_how()
    {
        var stream = await LoadAsync(3);
        var (confirmations, demo) = await FollowedAsync();
        await LoadAsync(Realms, "other");
        var other = (await confirmations.FollowedAsync()).FollowId;
        confirmations.Say((demo, At(3)), (other, At(1)));
        await BeatAsync(confirmations, times: 1);

        confirmations.Say((demo, At(4)));
        await BeatAsync(confirmations, times: 3, heardOf: "other");
        Assert.True(IsCurrent(Realms, "other"));
        Assert.False(IsCurrent(Realms, "demo"));

        stream.Delta(4);
        Assert.Equal(4, (await GetAsync()).Revision);
        await BeatAsync(confirmations, times: 5);
        Assert.True(IsCurrent(Realms, "demo"));
    }

    [Fact]
    public async Task A_realm_that_is_ahead_of_the_confirmations_is_confirmed_by_them()
    {
        var stream = await LoadAsync(3);
        var (confirmations, demo) = await FollowedAsync();
        stream.Delta(4);
        await GetAsync(minRevision: 4);

        confirmations.Say((demo, At(3)));
        await BeatAsync(confirmations, times: 5);

        Assert.True(IsCurrent(Realms, "demo"));
    }

    [Fact]
    public async Task A_stream_that_does_not_say_how_its_realm_moved_is_replaced()
    {
        await LoadAsync(3);
        var (confirmations, demo) = await FollowedAsync();
        confirmations.Say((demo, At(3)));
        await BeatAsync(confirmations, times: 10);
        Assert.Equal(1, Feed.Count);

        confirmations.Say((demo, At(4)));

        Assert.Equal(3, (await NextStreamAsync()).AfterRevision);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task A_realm_that_is_gone_or_another_is_not_confirmed(long revision)
    {
        await LoadAsync(3);
        var (confirmations, demo) = await FollowedAsync();
        await LoadAsync(Realms, "other");
        var other = (await confirmations.FollowedAsync()).FollowId;

        confirmations.Say((other, At(1)), (demo, revision == 0 ? RealmPosition.Start : new(revision, Clock.GetUtcNow())));
        await BeatAsync(confirmations, times: 3, heardOf: "other");

        Assert.False(IsCurrent(Realms, "demo"));
    }

    [Fact]
    public async Task Confirmations_that_break_off_are_asked_for_again_and_who_waited_for_them_goes_on()
    {
        await LoadAsync(3);
        var (first, demo) = await FollowedAsync();
        first.Say((demo, At(3)));
        await BeatAsync(first, times: 3);

        first.Break();
        var (second, again) = await FollowedAsync();
        Assert.Equal(demo, again);
        Clock.Advance(TimeSpan.FromSeconds(2.1));
        Assert.False(IsCurrent(Realms, "demo"));
        var waiting = GetAsync();
        second.Say((again, At(3)));

        Assert.Equal(3, (await waiting).Revision);
    }

    [Fact]
    public async Task What_one_stream_said_does_not_hold_for_the_next()
    {
        await LoadAsync(3);
        var (first, demo) = await FollowedAsync();
        first.Say((demo, At(3)));
        await BeatAsync(first, times: 3);
        await LoadAsync(Realms, "other");

        first.Break();
        var (second, _) = await FollowedAsync();
        second.Say(((await second.FollowedAsync()).FollowId, At(1)));
        await BeatAsync(second, times: 3, heardOf: "other");

        Assert.False(IsCurrent(Realms, "demo"));
    }

    [Fact]
    public async Task A_realm_that_is_no_longer_in_memory_is_no_longer_followed()
    {
        var stream = await LoadAsync(3);
        var (confirmations, demo) = await FollowedAsync();

        stream.EndAsUnknown();

        Assert.Equal(new FollowedRealm(demo, RealmId: null), await confirmations.FollowedAsync());
    }

    private static RealmPosition At(long revision) => new(revision, default(DateTimeOffset));

    /// <summary>The stream that is asked for next, and what it is told to follow first.</summary>
    private async Task<(ConfirmationStream Stream, long FollowId)> FollowedAsync()
    {
        ConfirmationStream? stream = null;
        await AdvanceUntilAsync(() => Feed.TryNextConfirmations(out stream));
        var followed = await stream!.FollowedAsync();
        Assert.Equal("demo", followed.RealmId);
        return (stream, followed.FollowId);
    }

    /// <summary>A beat a second, each of which has arrived before the next.</summary>
    private async Task BeatAsync(ConfirmationStream confirmations, int times, string heardOf = "demo")
    {
        for (var i = 0; i < times; i++)
        {
            Clock.Advance(Step);
            confirmations.Say();
            for (var waited = 0; Realms.Find(heardOf)!.Value.HeardAt < Clock.GetTimestamp(); waited++)
            {
                Assert.True(waited < 10_000, "The beat was not heard.");
                await Task.Delay(2);
            }
        }
    }
}
