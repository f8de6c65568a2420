using System.Collections.Concurrent;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Token.Registration;

/// <summary>
/// Which clients that were registered dynamically got tokens, for realm-admin to know that they are in use. Their lifetimes are days, so each is told of
/// once an hour and nothing waits for it.
/// </summary>
public sealed class ClientUses(TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    // When each was taken last; those that are waiting have not been.
    private readonly ConcurrentDictionary<UsedClient, long> _told = new();
    private readonly ConcurrentDictionary<UsedClient, bool> _waiting = new();

    public void Note(Client client)
    {
        if (client.DynamicallyRegistered)
        {
            var used = new UsedClient(client.RealmId, client.ClientId);
            if (!_told.TryGetValue(used, out var at) || clock.GetElapsedTime(at) >= Interval)
            {
                _waiting.TryAdd(used, true);
            }
        }
    }

    /// <summary>Those to tell of now.</summary>
    public IReadOnlyList<UsedClient> Take()
    {
        foreach (var (used, at) in _told)
        {
            if (clock.GetElapsedTime(at) >= Interval)
            {
                _told.TryRemove(used, out _);
            }
        }

        List<UsedClient> taken = [];
        foreach (var used in _waiting.Keys)
        {
            _told[used] = clock.GetTimestamp();
            _waiting.TryRemove(used, out _);
            taken.Add(used);
        }

        return taken;
    }

    /// <summary>Puts back what nobody could be told.</summary>
    public void PutBack(IEnumerable<UsedClient> untold)
    {
        foreach (var used in untold)
        {
            _told.TryRemove(used, out _);
            _waiting.TryAdd(used, true);
        }
    }
}

/// <summary>A client that got a token.</summary>
public sealed record UsedClient(string RealmId, string ClientId);
