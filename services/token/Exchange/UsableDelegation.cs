using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Token.Exchange;

/// <summary>The delegation that an exchange starts from. Its id is no secret: what counts is who uses it.</summary>
public static class UsableDelegation
{
    /// <exception cref="IamException">EXCHANGE_REFUSED, one and the same for what is unknown, over, of another realm or to somebody else.</exception>
    public static DelegationRecord Find(RealmSnapshot realm, string? delegationId, Principal actor, DateTimeOffset now)
    {
        if (delegationId is null)
        {
            throw new IamException(ErrorReason.InvalidRequest, "subject_token is needed: the id of a delegation.");
        }

        return realm.FindDelegation(delegationId) is { } delegation
            && (delegation.DelegateType, delegation.DelegateId) == (actor.Type, actor.Id)
            && !AsToken(delegation).IsExpiredAt(now)
            && PermissionDecision.IsKnown(realm, Principal.User(delegation.DelegatorId))
                ? delegation
                : throw ExchangeRefused.Because($"subject_token is no delegation to {actor.Id}, or it is over.");
    }

    /// <summary>What the delegator let others do, as the token would say it that nobody ever has: so the same rules narrow both.</summary>
    public static AccessToken AsToken(DelegationRecord delegation) => new()
    {
        TokenId = delegation.DelegationId,
        RealmId = delegation.RealmId,
        Issuer = "",
        Subject = Principal.User(delegation.DelegatorId),
        ClientId = "",
        Scopes = delegation.Scopes,
        Audiences = [],
        OrganizationId = delegation.OrganizationId,
        DelegationId = delegation.DelegationId,
        IssuedAt = delegation.CreatedAt,
        ExpiresAt = delegation.ExpiresAt is { } end ? DateTimeOffset.FromUnixTimeSeconds(end.ToUnixTimeSeconds()) : DateTimeOffset.MaxValue,
    };
}
