using System.Runtime.CompilerServices;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Token.Audit;

/// <summary>
/// One watcher's stream of a realm's events, of all replicas. It reads on from the event that it last gave out, and only when asked for the next:
/// a slow watcher keeps no memory, and misses nothing.
/// </summary>
public sealed class WatchTokenEvents(IDatabase database, TokenEventStore store, RealmSnapshots realms, TokenOptions options, TimeProvider clock)
{
    private const int BatchSize = 500;

    /// <summary>Events until the token is cancelled.</summary>
    /// <exception cref="Common.Errors.IamException">REALM_NOT_FOUND where there is no such realm, or none any more; STORAGE_UNAVAILABLE.</exception>
    public async IAsyncEnumerable<TokenEventRow> StreamAsync(
        string realmId, long afterSequence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = new TokenEventFilter { RealmId = realmId, OldestFirst = true };
        while (true)
        {
            await realms.GetLastKnownAsync(realmId, cancellationToken);
            var rows = await ReadAsync(filter, afterSequence, cancellationToken);
            foreach (var row in rows)
            {
                yield return row;
                afterSequence = row.Sequence;
            }

            if (rows.Count < BatchSize)
            {
                await Task.Delay(options.RevocationPollInterval, clock, cancellationToken);
            }
        }
    }

    private async Task<IReadOnlyList<TokenEventRow>> ReadAsync(TokenEventFilter filter, long afterSequence, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        return await store.ListAsync(session, filter, afterSequence, BatchSize, clock.GetUtcNow(), cancellationToken);
    }
}
