namespace Pltfrms.Iam.Token.Feeds;

/// <summary>The streams that are watched, or were a moment ago.</summary>
/// <param name="maxIdle">How many of the latter are kept.</param>
/// <param name="clock">The clock.</param>
internal sealed class FeedStreams<TStream>(int maxIdle, TimeProvider clock)
    where TStream : FeedStream
{
    private static readonly TimeSpan IdleLifetime = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Dictionary<string, Entry>> _realms = new(StringComparer.Ordinal);

    /// <summary>Watches the stream of a name until the lease is disposed of.</summary>
    public Lease Join(string realmId, string name, Func<TStream> create)
    {
        lock (_lock)
        {
            if (!_realms.TryGetValue(realmId, out var streams) || !streams.TryGetValue(name, out var entry))
            {
                // Under the lock: what happens from here on, it hears of.
                entry = new(create());
                if (streams is null)
                {
                    _realms.Add(realmId, streams = new(StringComparer.Ordinal));
                }

                streams.Add(name, entry);
            }

            entry.Watchers++;
            return new(this, entry);
        }
    }

    public IReadOnlyList<TStream> OfRealm(string realmId)
    {
        lock (_lock)
        {
            return _realms.TryGetValue(realmId, out var streams) ? [.. streams.Values.Select(entry => entry.Stream)] : [];
        }
    }

    /// <summary>Ends the streams of a realm that is not kept any more.</summary>
    public void EndRealm(string realmId)
    {
        Dictionary<string, Entry>? ended;
        lock (_lock)
        {
            _realms.Remove(realmId, out ended);
        }

        foreach (var entry in ended?.Values.ToArray() ?? [])
        {
            entry.Stream.End();
        }
    }

    /// <summary>Tells all who watch how current they are, and lets go of streams that nobody came back to.</summary>
    public void Beat()
    {
        foreach (var stream in Watched())
        {
            stream.Beat();
        }

        foreach (var stream in DropIdle())
        {
            stream.End();
        }
    }

    private List<TStream> Watched()
    {
        lock (_lock)
        {
            return [.. _realms.Values.SelectMany(streams => streams.Values).Where(entry => entry.Watchers > 0).Select(entry => entry.Stream)];
        }
    }

    private List<TStream> DropIdle()
    {
        lock (_lock)
        {
            var idle = _realms
                .SelectMany(realm => realm.Value.Select(stream => (RealmId: realm.Key, Name: stream.Key, Entry: stream.Value)))
                .Where(stream => stream.Entry.Watchers == 0)
                .OrderByDescending(stream => stream.Entry.IdleSince)
                .ToList();
            var dropped = idle.Where((stream, i) => i >= maxIdle || clock.GetElapsedTime(stream.Entry.IdleSince) > IdleLifetime).ToList();
            foreach (var (realmId, name, _) in dropped)
            {
                _realms[realmId].Remove(name);
                if (_realms[realmId].Count == 0)
                {
                    _realms.Remove(realmId);
                }
            }

            return [.. dropped.Select(stream => stream.Entry.Stream)];
        }
    }

    private void Leave(Entry entry)
    {
        lock (_lock)
        {
            entry.Watchers--;
            entry.IdleSince = clock.GetTimestamp();
        }
    }

    /// <summary>One watcher's share of a stream.</summary>
    internal sealed class Lease(FeedStreams<TStream> owner, Entry entry) : IDisposable
    {
        private int _left;

        public TStream Stream => entry.Stream;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                owner.Leave(entry);
            }
        }
    }

    internal sealed class Entry(TStream stream)
    {
        public TStream Stream => stream;

        public int Watchers { get; set; }

        public long IdleSince { get; set; }
    }
}
