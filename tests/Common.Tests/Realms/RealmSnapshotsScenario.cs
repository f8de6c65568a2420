using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Errors.V1;

namespace Common.Tests.Realms;

/// <summary>Realms whose feed and clock the test holds in its hands.</summary>
public abstract class RealmSnapshotsScenario : IAsyncDisposable
{
    protected RealmSnapshotsScenario() => Realms = Create(new());

    private protected SteppedClock Clock { get; } = new();

    private protected FakeFeed Feed { get; } = new();

    private protected RealmSnapshots Realms { get; }

    public async ValueTask DisposeAsync()
    {
        await Realms.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected RealmSnapshots Create(RealmFeedOptions options) =>
        new(Feed, Options.Create(options), Clock, NullLogger<RealmSnapshots>.Instance);

    private protected static bool IsCurrent(RealmSnapshots realms, string realmId) =>
        realms.GetAsync(realmId, 0, CancellationToken.None).AsTask().IsCompletedSuccessfully;

    /// <summary>In the clock's time; a test that would wait for ever fails in real time.</summary>
    private protected Task<RealmSnapshot> GetAsync(long minRevision = 0)
    {
        var get = Realms.GetAsync("demo", minRevision, CancellationToken.None).AsTask();
        return get.IsCompleted ? get : get.WaitAsync(TimeSpan.FromMinutes(1));
    }

    private protected async Task<FeedStream> LoadAsync(long revision)
    {
        var waiting = GetAsync();
        var stream = await Feed.NextAsync();
        stream.Snapshot(revision);
        await waiting;
        return stream;
    }

    private protected async Task<FeedStream> LoadAsync(RealmSnapshots realms, string realmId)
    {
        var waiting = realms.GetAsync(realmId, 0, CancellationToken.None);
        var stream = await Feed.NextAsync();
        stream.Snapshot(1);
        await waiting;
        return stream;
    }

    private protected async Task<FeedStream> NextStreamAsync()
    {
        FeedStream? stream = null;
        await AdvanceUntilAsync(() => Feed.TryNext(out stream));
        return stream!;
    }

    private protected async Task AdvanceUntilAsync(Func<bool> condition)
    {
        for (var i = 0; i < 1000; i++)
        {
            if (condition())
            {
                return;
            }

            Clock.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Delay(2);
        }

        Assert.Fail("It did not happen.");
    }

    private protected async Task AssertUnknownAsync(int expectedStreams)
    {
        var waiting = GetAsync();
        (await Feed.NextAsync()).EndAsUnknown();
        Assert.Equal(ErrorReason.RealmNotFound, (await Assert.ThrowsAsync<IamException>(() => waiting)).Reason);
        Assert.Equal(expectedStreams, Feed.Count);
    }

    private protected async Task AssertNotFoundAsync()
    {
        var refusal = await Assert.ThrowsAsync<IamException>(() => GetAsync());
        Assert.Equal((ErrorReason.RealmNotFound, "demo"), (refusal.Reason, refusal.Metadata["realm_id"]));
    }
}
