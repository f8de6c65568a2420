using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Pltfrms.Iam.Client.Decisions;

namespace Pltfrms.Iam.Client.Feeds;

/// <summary>
/// The two streams that this application decides with, and the realm's keys: followed from the start where the settings want them, else from the first
/// question that needs them.
/// </summary>
internal sealed class DecisionFeeds : IAsyncDisposable, IDisposable
{
    private readonly FeedClock _clock;
    private int _started;

    public DecisionFeeds(IamCalls calls, KeySource keys, IOptions<IamClientOptions> options, TimeProvider clock, IamTelemetry telemetry, ILogger<IamClient> log)
    {
        _clock = new(clock);
        Keys = keys;
        Realm = new(calls, _clock, new(options.Value.FeedStaleAfter), log);
        Revocations = new(calls, _clock, new(options.Value.FeedStaleAfter), log);
        Realm.Succeeded += keys.Succeed;
        telemetry.ObserveAge(Realm.Name, () => Realm.Pulse.Age(_clock.Now)?.TotalSeconds);
        telemetry.ObserveAge(Revocations.Name, () => Revocations.Pulse.Age(_clock.Now)?.TotalSeconds);
        if (AreWanted(options.Value))
        {
            Start();
        }
    }

    public RealmStream Realm { get; }

    public RevocationStream Revocations { get; }

    public KeySource Keys { get; }

    public FeedClock Clock => _clock;

    public bool IsStarted => Volatile.Read(ref _started) != 0;

    /// <summary>Grows with every change of the realm that can be seen from here, and with every revocation.</summary>
    public long Changes => Realm.Changes + Revocations.Version;

    /// <summary>Whether the settings ask for them from the start.</summary>
    public static bool AreWanted(IamClientOptions options) => options.WatchFeeds ?? options.Mode == IamMode.Local;

    /// <summary>Whether nothing is missing here that was known at the server longer ago than the bound.</summary>
    public bool AreFresh(long now) => Realm.Pulse.IsFresh(now) && Revocations.Pulse.IsFresh(now);

    /// <summary>By how much the server's clock is ahead of this machine's; null: not known.</summary>
    public TimeSpan? ServerLead(long now) =>
        Realm.Pulse.IsFresh(now) ? TimeSpan.FromTicks(Realm.Pulse.ServerTicks(now) - _clock.UtcNow.UtcTicks) : null;

    /// <summary>Begins to follow; again, it does nothing.</summary>
    public void Start()
    {
        if (Interlocked.Exchange(ref _started, 1) == 0)
        {
            Realm.Start();
            Revocations.Start();
            Keys.Start();
        }
    }

    /// <summary>For applications that end without waiting: what runs is told to end, and does so by itself.</summary>
    public void Dispose()
    {
        Realm.Dispose();
        Revocations.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await Realm.DisposeAsync();
        await Revocations.DisposeAsync();
    }
}
