using System.Collections.Concurrent;

namespace Pltfrms.Iam.Common.Realms;

/// <summary>Names, of realms or of their hosts, that were no realm's a moment ago, so that asking for one again and again does not reach realm-admin each time.</summary>
public sealed class UnknownRealms(TimeProvider clock)
{
    public const int Capacity = 10_000;

    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, long> _seenAt = new(StringComparer.Ordinal);

    public bool Contains(string realmId) =>
        _seenAt.TryGetValue(realmId, out var seenAt) && clock.GetElapsedTime(seenAt) < Lifetime;

    public void Add(string realmId)
    {
        if (_seenAt.Count >= Capacity)
        {
            Sweep();
        }

        _seenAt[realmId] = clock.GetTimestamp();
    }

    /// <summary>Where nothing has expired everything goes: being asked again is better than growing.</summary>
    private void Sweep()
    {
        foreach (var (realmId, seenAt) in _seenAt)
        {
            if (clock.GetElapsedTime(seenAt) >= Lifetime)
            {
                _seenAt.TryRemove(realmId, out _);
            }
        }

        if (_seenAt.Count >= Capacity)
        {
            _seenAt.Clear();
        }
    }
}
