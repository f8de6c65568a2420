using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Token.Keys;

/// <summary>Erases keys that ended long ago, in realms that nobody uses. Realms in use look after their own, and sooner.</summary>
public sealed class EraseEndedKeys(IDatabase database, SigningKeyStore store, KeyChanges changes, KeyClock clock)
{
    private const int BatchSize = 100;

    /// <summary>No token is valid for longer.</summary>
    private static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(1);

    /// <exception cref="Common.Errors.IamException">STORAGE_UNAVAILABLE; the next time does the rest.</exception>
    public async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<string> realmIds;
        await using (var session = await database.OpenAsync(cancellationToken))
        {
            realmIds = await store.ListEndedAsync(session, clock.Now - LongestLifetime - clock.Times.Announcement, BatchSize, cancellationToken);
        }

        foreach (var realmId in realmIds)
        {
            await changes.EraseEndedAsync(realmId, cancellationToken);
        }
    }
}
