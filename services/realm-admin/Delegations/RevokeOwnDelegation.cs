using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Changes;
using Pltfrms.Iam.RealmAdmin.Realms;
using Pltfrms.Iam.RealmAdmin.Writes;

namespace Pltfrms.Iam.RealmAdmin.Delegations;

/// <summary>Ends a delegation that a user gave, whoever wrote it down, or that a user was given.</summary>
public sealed class RevokeOwnDelegation(RealmWrites writes, DelegationStore delegations)
{
    /// <returns>The realm revision without it.</returns>
    /// <exception cref="IamException">REALM_NOT_FOUND; RESOURCE_NOT_FOUND also where it is somebody else's.</exception>
    public async Task<long> RunAsync(OwnCaller caller, string realmId, string userId, string delegationId, CancellationToken cancellationToken)
    {
        await using var write = await writes.BeginAsync(realmId, cancellationToken) ?? throw RealmNotFound.For(realmId);
        var delegation = await delegations.FindAsync(write.Session, realmId, delegationId, cancellationToken);
        if (delegation is null || !IsOf(delegation, userId))
        {
            throw ResourceNotFound.For(ResourceKind.Delegation, delegationId);
        }

        await write.ApplyAsync(new RealmChange(delegation, null), cancellationToken);
        await write.CommitAsync(caller.As(realmId, userId), cancellationToken);
        return write.Revision;
    }

    private static bool IsOf(DelegationRecord delegation, string userId) =>
        delegation.DelegatorId == userId || (delegation.DelegateType, delegation.DelegateId) == (MemberType.User, userId);
}
