using Microsoft.Extensions.Options;
using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.RealmAdmin.Realms;

/// <summary>
/// Erases deleted realms here and at the other services, in transactions so small that writers of other realms do not notice. What is left to do
/// is in the database: after a restart it goes on where it was, and two replicas do no harm to each other (ADR 0012).
/// </summary>
public sealed class EraseRealms(
    IDatabase database, ErasureStore erasure, ErasurePeers peers, IOptions<ErasureSettings> settings, TimeProvider clock, ILogger<EraseRealms> log)
    : BackgroundService
{
    private const int PageSize = 100;
    private const int MostRows = 500;

    /// <summary>When this process first saw a realm deleted and, for the second entry, erased. Wall clocks of two machines are never compared.</summary>
    private readonly Dictionary<DeletedRealm, long> _seenAt = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            using var timer = new PeriodicTimer(settings.Value.Interval, clock);
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await EraseAllAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process stops; the next one goes on.
        }
    }

    private async Task EraseAllAsync(CancellationToken cancellationToken)
    {
        try
        {
            var deleted = await ListAsync(cancellationToken);
            foreach (var gone in _seenAt.Keys.Except(deleted).ToList())
            {
                _seenAt.Remove(gone);
            }

            foreach (var realm in deleted)
            {
                await EraseAsync(realm, cancellationToken);
            }
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // An outage, most likely; the next turn goes on, and nobody waits for it.
            log.ErasureStopped(failure);
        }
    }

    /// <summary>One turn of a realm. First everything goes, again and again until the quarantine is over; then the id is held back as long.</summary>
    private async Task EraseAsync(DeletedRealm realm, CancellationToken cancellationToken)
    {
        _seenAt.TryAdd(realm, clock.GetTimestamp());
        var isSettled = clock.GetElapsedTime(_seenAt[realm]) >= settings.Value.Quarantine;
        if (!realm.Erased)
        {
            await EraseOwnAsync(realm.RealmId, cancellationToken);
            if (await peers.EraseAsync(realm.RealmId, cancellationToken) && isSettled)
            {
                await WriteAsync(session => erasure.SetErasedAsync(session, realm.RealmId, cancellationToken), cancellationToken);
            }
        }
        else if (isSettled)
        {
            await WriteAsync(session => erasure.FreeAsync(session, realm.RealmId, cancellationToken), cancellationToken);
            log.RealmErased(realm.RealmId);
        }
    }

    private async Task EraseOwnAsync(string realmId, CancellationToken cancellationToken)
    {
        for (var step = 0; step < ErasureStore.Steps; step++)
        {
            while (await WriteAsync(session => erasure.EraseAsync(session, realmId, step, MostRows, cancellationToken), cancellationToken) > 0)
            {
                // More of the same.
            }
        }
    }

    /// <summary>All of them: one that cannot be erased now must not hide those after it.</summary>
    private async Task<IReadOnlyList<DeletedRealm>> ListAsync(CancellationToken cancellationToken)
    {
        List<DeletedRealm> deleted = [];
        IReadOnlyList<DeletedRealm> page;
        await using var session = await database.OpenAsync(cancellationToken);
        do
        {
            page = await erasure.ListAsync(session, deleted is [.., var last] ? last.RealmId : "", PageSize, cancellationToken);
            deleted.AddRange(page);
        }
        while (page.Count == PageSize);

        return deleted;
    }

    private async Task<int> WriteAsync(Func<DatabaseSession, Task<int>> write, CancellationToken cancellationToken)
    {
        await using var session = await database.BeginWriteAsync(cancellationToken);
        var rows = await write(session);
        await session.CommitAsync(cancellationToken);
        return rows;
    }
}
