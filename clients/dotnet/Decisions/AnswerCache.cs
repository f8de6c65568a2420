using System.Collections.Concurrent;
using Pltfrms.Iam.Client.Feeds;

namespace Pltfrms.Iam.Client.Decisions;

/// <summary>Answers that are given again for a while; at most so many of them.</summary>
internal sealed class AnswerCache<TKey, TAnswer>(int capacity, FeedClock clock)
    where TKey : struct
    where TAnswer : class
{
    private readonly ConcurrentDictionary<TKey, Kept> _kept = new();
    private readonly Lock _sweeping = new();

    public TAnswer? Find(TKey key, long minRevision, long changes) =>
        _kept.TryGetValue(key, out var kept) && kept.For.Revision >= minRevision && kept.For.Changes == changes && clock.Now < kept.For.Until
            ? kept.Answer
            : null;

    /// <summary>Keeps an answer, unless a later one is there already.</summary>
    public void Keep(TKey key, TAnswer answer, in KeptUntil until)
    {
        var kept = new Kept(answer, until);
        _kept.AddOrUpdate(key, static (_, added) => added, static (_, old, added) => old.IsLaterThan(added) ? old : added, kept);
        if (_kept.Count > capacity)
        {
            MakeRoom();
        }
    }

    /// <summary>What is over first, then whatever comes: a quarter goes, so that not every answer pays for it.</summary>
    private void MakeRoom()
    {
        lock (_sweeping)
        {
            var now = clock.Now;
            foreach (var entry in _kept.Where(entry => entry.Value.For.Until <= now))
            {
                _kept.TryRemove(entry);
            }
            foreach (var entry in _kept.Take(_kept.Count > capacity ? _kept.Count - (capacity * 3 / 4) : 0))
            {
                _kept.TryRemove(entry);
            }
        }
    }

    private sealed record Kept(TAnswer Answer, KeptUntil For)
    {
        public bool IsLaterThan(Kept other) => For.Changes > other.For.Changes || (For.Changes == other.For.Changes && For.Revision > other.For.Revision);
    }
}
