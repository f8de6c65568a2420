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

    // Who is gone can only have changed with the realm.
    private readonly ConcurrentDictionary<string, long> _checked = new(StringComparer.Ordinal);

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
        foreach (var realmId in realmIds)
        {
            forgotten += await RunAsync(realmId, cancellationToken);
        }

        return forgotten;
    }

    private async Task<int> RunAsync(string realmId, CancellationToken cancellationToken)
    {
        RealmSnapshot realm;
        try
        {
            realm = await realms.GetAsync(realmId, 0, cancellationToken);
        }
        catch (IamException exception) when (exception.Reason is ErrorReason.RealmNotFound or ErrorReason.RealmFeedUnavailable)
        {
            // A disabled realm looks like one that is gone: nothing is forgotten on a guess.
            return 0;
        }

        if (_checked.TryGetValue(realmId, out var revision) && revision == realm.Revision)
        {
            return 0;
        }

        var forgotten = 0;
        var after = "";
        IReadOnlyList<string> userIds;
        do
        {
            userIds = await NextAsync(realmId, after, cancellationToken);
            after = userIds is [.., var last] ? last : after;
            foreach (var userId in userIds.Where(userId => realm.FindUser(userId) is null))
            {
                await ForgetAsync(realmId, userId, cancellationToken);
                forgotten++;
            }
        }
        while (userIds.Count == Batch);

        _checked[realmId] = realm.Revision;
        return forgotten;
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
