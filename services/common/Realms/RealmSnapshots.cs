using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Common.Realms;

/// <summary>The realms in use, each kept current by its stream from realm-admin; loaded on first use, bounded in memory.</summary>
public sealed class RealmSnapshots(
    IRealmFeed feed, IOptions<RealmFeedOptions> options, TimeProvider clock, ILogger<RealmSnapshots> logger) : IAsyncDisposable
{
    /// <summary>The longest that a call waits for a realm's first load or for a revision, whatever its own deadline.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    /// <summary>How many realms are asked for at once; more wait for their turn, so that a flood of names is no flood of calls to realm-admin.</summary>
    public const int LoadsAtOnce = 256;

    /// <summary>How many realms may be on their way or waiting. Names that are no realm's are on their way until realm-admin says so.</summary>
    private const int MaxLoading = 10_000;

    private readonly RealmFeedOptions _options = options.Value;
    private readonly RealmConfirmations _confirmations = new(feed, options.Value, clock, logger);
    private readonly ConcurrentDictionary<string, WatchedRealm> _realms = new(StringComparer.Ordinal);
    private readonly UnknownRealms _unknown = new(clock);
    private readonly SemaphoreSlim _loads = new(LoadsAtOnce);
    private volatile bool _disposed;
    private int _loaded;

    /// <summary>A realm is not kept any more: it was not used for longest, or there is none.</summary>
    public event Action<string>? Dropped;

    /// <summary>A realm in memory is another than before. Told by who reads the realm's stream, so whoever listens must be quick.</summary>
    public event Action<SnapshotChange>? Changed;

    /// <summary>Whether realm-admin can be heard: over some realm's stream, or no realm is in use.</summary>
    public bool IsHealthy
    {
        get
        {
            var now = clock.GetTimestamp();
            var isAny = false;
            foreach (var (_, watched) in _realms)
            {
                isAny = true;
                if (watched.IsHeard(now))
                {
                    return true;
                }
            }

            return !isAny;
        }
    }

    /// <summary>The realm as it is now: at least at <paramref name="minRevision"/>, and no older than the staleness bound.</summary>
    /// <param name="realmId">The realm.</param>
    /// <param name="minRevision">0: any.</param>
    /// <param name="cancellationToken">The call's deadline; what is waited for must come within it, and within 5 s.</param>
    /// <exception cref="IamException">REALM_NOT_FOUND, REVISION_NOT_REACHED, REALM_FEED_UNAVAILABLE.</exception>
    public ValueTask<RealmSnapshot> GetAsync(string realmId, long minRevision, CancellationToken cancellationToken)
    {
        if (_realms.TryGetValue(realmId, out var watched))
        {
            var now = clock.GetTimestamp();
            watched.Use(now);
            if (watched.FreshSnapshot(now) is { Realm.Disabled: false } snapshot && snapshot.Revision >= minRevision)
            {
                return new(snapshot);
            }
        }

        return WaitAsync(realmId, minRevision, isAnyAge: false, cancellationToken);
    }

    /// <summary>The realm as last seen, however old: for keys and metadata, which an outage must not take away.</summary>
    /// <exception cref="IamException">REALM_NOT_FOUND, REALM_FEED_UNAVAILABLE where it was never seen.</exception>
    public ValueTask<RealmSnapshot> GetLastKnownAsync(string realmId, CancellationToken cancellationToken)
    {
        if (_realms.TryGetValue(realmId, out var watched))
        {
            watched.Use(clock.GetTimestamp());
            if (watched.Snapshot is { Realm.Disabled: false } snapshot)
            {
                return new(snapshot);
            }
        }

        return WaitAsync(realmId, minRevision: 0, isAnyAge: true, cancellationToken);
    }

    /// <summary>Whether there is such a realm now, disabled or not.</summary>
    /// <exception cref="IamException">REALM_FEED_UNAVAILABLE.</exception>
    public async ValueTask<bool> ExistsAsync(string realmId, CancellationToken cancellationToken)
    {
        try
        {
            await LoadAsync(realmId, minRevision: 0, isAnyAge: false, cancellationToken);
            return true;
        }
        catch (IamException absent) when (absent.Reason == ErrorReason.RealmNotFound)
        {
            return false;
        }
    }

    /// <summary>The realm without waiting for anything, which is a use of it; null: it is not in memory.</summary>
    public KnownRealm? Find(string realmId)
    {
        if (!_realms.TryGetValue(realmId, out var watched))
        {
            return null;
        }

        watched.Use(clock.GetTimestamp());
        return watched.Known;
    }

    /// <summary>Whether the realm is in memory, or on its way there; asking is no use of it.</summary>
    public bool IsInUse(string realmId) => _realms.ContainsKey(realmId);

    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        var watched = _realms.Values.ToList();
        watched.ForEach(realm => realm.Stop());
        await Task.WhenAll(watched.Select(realm => realm.Following));
        await _confirmations.DisposeAsync();
    }

    private async ValueTask<RealmSnapshot> WaitAsync(
        string realmId, long minRevision, bool isAnyAge, CancellationToken cancellationToken)
    {
        var realm = await LoadAsync(realmId, minRevision, isAnyAge, cancellationToken);
        return realm.Realm.Disabled ? throw NotFound(realmId) : realm;
    }

    private async ValueTask<RealmSnapshot> LoadAsync(
        string realmId, long minRevision, bool isAnyAge, CancellationToken cancellationToken)
    {
        var start = clock.GetTimestamp();
        while (true)
        {
            var watched = FindOrWatch(realmId);
            var change = watched.NextChange;
            if (watched.End == RealmWatchEnd.NotFound)
            {
                throw NotFound(realmId);
            }

            if (watched.End == RealmWatchEnd.Dropped)
            {
                continue;
            }

            var current = isAnyAge ? watched.Snapshot : watched.FreshSnapshot(clock.GetTimestamp());
            if (current is not null && current.Revision >= minRevision)
            {
                return current;
            }

            var isStale = current is null && watched.Snapshot is not null;
            var remaining = (isStale ? _options.StaleAfter : LongestWait) - clock.GetElapsedTime(start);
            if (remaining < TimeSpan.FromMilliseconds(1) || cancellationToken.IsCancellationRequested || _disposed)
            {
                throw Unavailable(realmId, minRevision, current);
            }

            // Timeout and cancellation are found out at the next turn, after a last look.
            await change.WaitAsync(remaining, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private WatchedRealm FindOrWatch(string realmId)
    {
        while (true)
        {
            if (_realms.TryGetValue(realmId, out var watched))
            {
                return watched;
            }

            if (!MayExist(realmId) || _unknown.Contains(realmId))
            {
                throw NotFound(realmId);
            }

            if (_disposed || _realms.Count >= _options.MaxRealms + MaxLoading)
            {
                throw Unavailable(realmId, 0, null);
            }

            var added = new WatchedRealm(realmId, feed, _options, clock, logger, change => Changed?.Invoke(change));
            if (_realms.TryAdd(realmId, added))
            {
                added.Start(FollowAsync);
                return added;
            }
        }
    }

    private async Task FollowAsync(WatchedRealm watched)
    {
        var end = await FollowInTurnAsync(watched);
        if (end == RealmWatchEnd.NotFound)
        {
            _unknown.Add(watched.RealmId);
        }

        _realms.TryRemove(KeyValuePair.Create(watched.RealmId, watched));
        watched.SetEnd(end);
        Dropped?.Invoke(watched.RealmId);
    }

    /// <summary>Holds one of the places of those that load until it has loaded.</summary>
    private async Task<RealmWatchEnd> FollowInTurnAsync(WatchedRealm watched)
    {
        await _loads.WaitAsync();
        var (isLoading, followId) = (true, 0L);
        try
        {
            return await watched.FollowAsync(() =>
            {
                isLoading = false;
                followId = _confirmations.Follow(watched);
                _loads.Release();
                if (Interlocked.Increment(ref _loaded) > _options.MaxRealms)
                {
                    DropLeastUsed();
                }
            });
        }
        finally
        {
            if (isLoading)
            {
                _loads.Release();
            }
            else
            {
                _confirmations.Drop(followId);
                Interlocked.Decrement(ref _loaded);
            }
        }
    }

    /// <summary>Makes room for a realm that is about to be seen.</summary>
    private void DropLeastUsed()
    {
        var loaded = _realms.Values.Where(watched => watched.Snapshot is not null).ToList();
        var excess = loaded.Count + 1 - _options.MaxRealms;
        if (excess <= 0)
        {
            return;
        }

        // A few more than must be, so that not every load from here on has to look at all of them.
        excess += _options.MaxRealms / 100;
        foreach (var watched in loaded.OrderBy(watched => watched.UsedAt).Take(excess))
        {
            _realms.TryRemove(KeyValuePair.Create(watched.RealmId, watched));
            watched.Stop();
        }

        logger.RealmsDropped(excess);
    }

    /// <summary>Spares realm-admin names that cannot be a realm's.</summary>
    private static bool MayExist(string realmId) =>
        realmId.Length is > 0 and <= 100 && !realmId.AsSpan().ContainsAnyExceptInRange('!', '~');

    private static IamException NotFound(string realmId) => new(ErrorReason.RealmNotFound, "There is no such realm.")
    {
        Metadata = new Dictionary<string, string> { ["realm_id"] = realmId },
    };

    private static IamException Unavailable(string realmId, long minRevision, RealmSnapshot? current) => current is null
        ? new(ErrorReason.RealmFeedUnavailable, "The realm's current state is not known; try again.")
        {
            Metadata = new Dictionary<string, string> { ["realm_id"] = realmId },
        }
        : new(ErrorReason.RevisionNotReached, $"Revision {minRevision} has not arrived; the realm is at {current.Revision}.")
        {
            Metadata = new Dictionary<string, string>
            {
                ["min_revision"] = minRevision.ToString(CultureInfo.InvariantCulture),
                ["revision"] = current.Revision.ToString(CultureInfo.InvariantCulture),
            },
        };
}
