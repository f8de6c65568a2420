using System.Collections.Concurrent;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Token.Realms;

/// <summary>
/// Which realm has a host name, as realm-admin said. An answer is a hint: the realm's snapshot says whether it still has the name,
/// and who finds that it has not forgets the answer. Bounded in memory and in calls, for the names come from anybody's requests.
/// </summary>
public sealed class RealmHosts(IRealmFeed feed, TimeProvider clock)
{
    internal const int Capacity = 10_000;

    private const int MostCalls = 64;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, string> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<Task<string?>>> _asked = new(StringComparer.Ordinal);
    private readonly UnknownRealms _unknown = new(clock);

    /// <summary>The realm; null: none has the host name.</summary>
    /// <exception cref="IamException">REALM_FEED_UNAVAILABLE where realm-admin does not answer.</exception>
    public ValueTask<string?> FindAsync(string hostName, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(hostName, out var realmId))
        {
            return new(realmId);
        }

        return _unknown.Contains(hostName) ? new((string?)null) : new(AskAsync(hostName, cancellationToken));
    }

    public void Forget(string hostName) => _known.TryRemove(hostName, out _);

    /// <summary>Those who want to know the same wait for one call.</summary>
    private async Task<string?> AskAsync(string hostName, CancellationToken cancellationToken)
    {
        if (_asked.Count >= MostCalls && !_asked.ContainsKey(hostName))
        {
            throw Unavailable(null);
        }

        var asking = _asked.GetOrAdd(hostName, name => new Lazy<Task<string?>>(() => AskAsync(name)));
        try
        {
            return await asking.Value.WaitAsync(cancellationToken);
        }
        catch (Exception failure) when (asking.Value.IsFaulted || asking.Value.IsCanceled)
        {
            throw Unavailable(failure);
        }
    }

    private async Task<string?> AskAsync(string hostName)
    {
        // So that the call is on the list of those under way before it can end.
        await Task.Yield();
        try
        {
            using var patience = new CancellationTokenSource(Patience, clock);
            var realmId = await feed.ResolveHostAsync(hostName, patience.Token);
            Keep(hostName, realmId);
            return realmId;
        }
        finally
        {
            _asked.TryRemove(hostName, out _);
        }
    }

    private void Keep(string hostName, string? realmId)
    {
        if (realmId is null)
        {
            _unknown.Add(hostName);
            return;
        }

        // Beginning anew is cheaper than knowing which one was not used for longest.
        if (_known.Count >= Capacity)
        {
            _known.Clear();
        }

        _known[hostName] = realmId;
    }

    private static IamException Unavailable(Exception? failure) =>
        new(ErrorReason.RealmFeedUnavailable, "Whose the host name is cannot be found out now; try again.", failure);
}
