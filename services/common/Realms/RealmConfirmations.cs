using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Pltfrms.Iam.Common.Realms;

/// <summary>
/// Hears on one stream which of the realms in memory are still the latest. However many there are, what is to be done is as much as what has changed.
/// </summary>
internal sealed class RealmConfirmations(IRealmFeed feed, RealmFeedOptions options, TimeProvider clock, ILogger logger) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, WatchedRealm> _followed = [];
    private readonly CancellationTokenSource _stop = new();
    private Channel<FollowedRealm> _told = NewChannel();
    private Task? _listening;
    private long _lastId;

    /// <summary>Follows a realm that is in memory, until it is dropped by the id that this returns.</summary>
    public long Follow(WatchedRealm realm)
    {
        lock (_lock)
        {
            _followed.Add(++_lastId, realm);
            _told.Writer.TryWrite(new(_lastId, realm.RealmId));
            _listening ??= Listen();
            return _lastId;
        }
    }

    public void Drop(long followId)
    {
        lock (_lock)
        {
            if (_followed.Remove(followId))
            {
                _told.Writer.TryWrite(new(followId, RealmId: null));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await (_listening ?? Task.CompletedTask);
        _stop.Dispose();
    }

    private Task Listen()
    {
        // It outlives the request that needed a realm first and must not be a part of its trace.
        using var flow = ExecutionContext.SuppressFlow();
        return Task.Run(ListenAsync);
    }

    private async Task ListenAsync()
    {
        var failures = 0;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await HearAsync(() => failures = 0);
            }
            catch (Exception) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                if (failures == 0)
                {
                    logger.ConfirmationsLost(failure);
                }
            }

            await FeedBackoff.WaitAsync(failures++, clock, _stop.Token);
        }
    }

    /// <summary>Follows one stream to its end. Nothing that an earlier stream said holds for it: it is told of every realm anew.</summary>
    private async Task HearAsync(Action heard)
    {
        // A connection can die without a word (RFC 9293 section 3.8.4): silence longer than staleness ends it.
        using var silence = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, _stop.Token);
        var beat = new RealmBeat();
        await foreach (var confirmed in feed.ConfirmAsync(Begin(), ends.Token).WithCancellation(ends.Token))
        {
            Take(confirmed, beat);
            heard();
            silence.CancelAfter(2 * options.StaleAfter);
        }
    }

    /// <summary>What to tell a new stream: all that is followed, then what changes of that.</summary>
    private ChannelReader<FollowedRealm> Begin()
    {
        lock (_lock)
        {
            _told = NewChannel();
            foreach (var (followId, realm) in _followed)
            {
                _told.Writer.TryWrite(new(followId, realm.RealmId));
            }

            return _told.Reader;
        }
    }

    private void Take(RealmsConfirmed confirmed, RealmBeat beat)
    {
        foreach (var (followId, position) in confirmed.Moved)
        {
            Find(followId)?.Told(position, beat);
        }

        if (!confirmed.IsLast)
        {
            return;
        }

        var now = clock.GetTimestamp();
        var wasLate = beat.At == RealmBeat.Never || clock.GetElapsedTime(beat.At, now) > options.StaleAfter;
        beat.At = now;
        if (wasLate)
        {
            WakeAll();
        }
    }

    private WatchedRealm? Find(long followId)
    {
        lock (_lock)
        {
            return _followed.GetValueOrDefault(followId);
        }
    }

    /// <summary>Some may wait for a word of their realm.</summary>
    private void WakeAll()
    {
        lock (_lock)
        {
            foreach (var realm in _followed.Values)
            {
                realm.Wake();
            }
        }
    }

    private static Channel<FollowedRealm> NewChannel() => Channel.CreateUnbounded<FollowedRealm>(new UnboundedChannelOptions { SingleReader = true });
}
