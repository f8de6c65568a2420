using System.Collections.Concurrent;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Consent.Consents;
using Pltfrms.Iam.Consent.Receipts;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Consent.Users;

/// <summary>
/// Follows the deletion of users: their decisions go, what came of them is revoked, and their receipts lose the name. A user's id never
/// changes, so there is nothing to do where a user is renamed.
/// </summary>
public sealed class ForgetUsers(RealmSnapshots realms, IDatabase database, ConsentStore consents, ReceiptStore receipts, RevokeConsents revoke)
{
    private const int Batch = 500;

    /// <summary>How many realms that nobody uses one round loads: all at once would push those in use out of memory.</summary>
    private const int MostUnused = 20;

    // Who is gone can only have changed with the realm.
    private readonly ConcurrentDictionary<string, long> _checked = new(StringComparer.Ordinal);

    // A user who is new may have decided before this replica hears of them: whoever is missing is forgotten in the round after.
    private readonly ConcurrentDictionary<(string RealmId, string UserId), bool> _missing = new();

    private string _lastUnused = "";

    /// <summary>Looks through the realms that changed since the last time; how many users were forgotten.</summary>
    /// <exception cref="IamException">STORAGE_UNAVAILABLE.</exception>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<string> realmIds;
        await using (var session = await database.OpenAsync(cancellationToken))
        {
            realmIds = await consents.ListRealmsAsync(session, cancellationToken);
        }

        var forgotten = 0;
        foreach (var realmId in realmIds.Where(realms.IsInUse).Concat(Unused(realmIds)).ToList())
        {
            forgotten += await RunAsync(realmId, cancellationToken);
        }

        return forgotten;
    }

    /// <summary>Some of the realms that nobody uses, others in each round.</summary>
    private List<string> Unused(IReadOnlyList<string> realmIds)
    {
        var unused = realmIds.Where(realmId => !realms.IsInUse(realmId)).ToList();
        var next = unused.FindIndex(realmId => string.CompareOrdinal(realmId, _lastUnused) > 0);
        var chosen = unused.Skip(Math.Max(0, next)).Take(MostUnused).ToList();
        _lastUnused = chosen is [.., var last] ? last : "";
        return chosen;
    }

    private async Task<int> RunAsync(string realmId, CancellationToken cancellationToken)
    {
        if (await FindChangedAsync(realmId, cancellationToken) is not { } realm)
        {
            return 0;
        }

        var (forgotten, missing) = (0, 0);
        var after = "";
        IReadOnlyList<string> userIds;
        do
        {
            userIds = await NextAsync(realmId, after, cancellationToken);
            after = userIds is [.., var last] ? last : after;
            foreach (var userId in userIds.Where(userId => IsGone(realm, userId)))
            {
                var isForgotten = await ForgetIfStillMissingAsync(realmId, userId, cancellationToken);
                (forgotten, missing) = isForgotten ? (forgotten + 1, missing) : (forgotten, missing + 1);
            }
        }
        while (userIds.Count == Batch);

        if (missing == 0)
        {
            _checked[realmId] = realm.Revision;
        }

        return forgotten;
    }

    /// <summary>The realm, where it may have lost users since it was looked through.</summary>
    private async Task<RealmSnapshot?> FindChangedAsync(string realmId, CancellationToken cancellationToken)
    {
        try
        {
            var realm = await realms.GetAsync(realmId, 0, cancellationToken);
            return _checked.TryGetValue(realmId, out var revision) && revision == realm.Revision ? null : realm;
        }
        catch (IamException exception) when (exception.Reason is ErrorReason.RealmNotFound or ErrorReason.RealmFeedUnavailable)
        {
            // A disabled realm looks like one that is gone: nothing is forgotten on a guess.
            return null;
        }
    }

    private bool IsGone(RealmSnapshot realm, string userId)
    {
        if (realm.FindUser(userId) is null)
        {
            return true;
        }

        _missing.TryRemove((realm.RealmId, userId), out _);
        return false;
    }

    private async Task<bool> ForgetIfStillMissingAsync(string realmId, string userId, CancellationToken cancellationToken)
    {
        if (!_missing.TryRemove((realmId, userId), out _))
        {
            _missing[(realmId, userId)] = true;
            return false;
        }

        await ForgetAsync(realmId, userId, cancellationToken);
        return true;
    }

    private async Task<IReadOnlyList<string>> NextAsync(string realmId, string after, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        return await consents.ListUsersAsync(session, realmId, after, Batch, cancellationToken);
    }

    /// <summary>The name goes last: who still has one is found again after a crash.</summary>
    private async Task ForgetAsync(string realmId, string userId, CancellationToken cancellationToken)
    {
        var filter = new ConsentFilter { RealmId = realmId, UserId = userId };
        await revoke.ForgetAsync(filter, ConsentActor.System, isAwaited: false, cancellationToken);
        await using var session = await database.BeginWriteAsync(cancellationToken);
        await receipts.EraseUserAsync(session, realmId, userId, cancellationToken);
        await session.CommitAsync(cancellationToken);
    }
}
