using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.RealmAdmin.Realms;
using Pltfrms.Iam.RealmAdmin.Storage;

namespace Pltfrms.Iam.RealmAdmin.Delegations;

/// <summary>Who may act for a user, and for whom the user may act.</summary>
public sealed class ListOwnDelegations(IDatabase database, RealmStore realms, DelegationStore delegations)
{
    private const int Most = 200;

    /// <exception cref="IamException">REALM_NOT_FOUND, STORAGE_UNAVAILABLE.</exception>
    public async Task<(IReadOnlyList<DelegationRecord> Granted, IReadOnlyList<DelegationRecord> Received, long Revision)> RunAsync(
        string realmId, string userId, CancellationToken cancellationToken)
    {
        await using var session = await database.BeginReadAsync(cancellationToken);
        var realm = await realms.FindAsync(session, realmId, cancellationToken) ?? throw RealmNotFound.For(realmId);
        var range = new PageRange("", Most);
        var granted = await delegations.ListByAsync(session, realmId, new() { DelegatorId = userId }, range, cancellationToken);
        var received = await delegations.ListByAsync(
            session, realmId, new() { DelegateType = MemberType.User, DelegateId = userId }, range, cancellationToken);
        return (granted, received, realm.Revision);
    }
}
