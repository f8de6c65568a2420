using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Scopes;

namespace Pltfrms.Iam.Common.Tokens;

/// <summary>
/// Whether a delegation, as it is now, would still give what a token from it says. Where it does not, the token is over as a whole, and the delegate
/// gets a narrower one: nobody has to find out which part of a token is still good.
/// </summary>
public static class DelegationStanding
{
    /// <param name="realm">As it is now.</param>
    /// <param name="token">One with a delegation, or exchanged from one.</param>
    /// <param name="now">The time of the question.</param>
    public static bool Holds(RealmSnapshot realm, AccessToken token, DateTimeOffset now) =>
        token.DelegationId is { } delegationId
        && realm.FindDelegation(delegationId) is { } delegation
        && !delegation.IsExpiredAt(now)
        // One that was removed and made again under its id has nothing to do with the tokens of before.
        && token.IssuedAt.ToUnixTimeSeconds() >= delegation.CreatedAt.ToUnixTimeSeconds()
        && token.Subject == Principal.User(delegation.DelegatorId)
        && token.Actors.Count > 0 && token.Actors[^1] == DelegateOf(delegation)
        && Following(token.Actors) <= delegation.MaxDepth
        && IsWithin(realm, token.OrganizationId, delegation.OrganizationId)
        && AreCovered(realm, delegation, token.Scopes);

    public static Principal DelegateOf(DelegationRecord delegation) => new(delegation.DelegateType, delegation.DelegateId);

    /// <summary>How many act for the delegate, who is the last of the chain. The client that a user acts through is the user's own hand.</summary>
    public static int Following(IReadOnlyList<Principal> actors) =>
        Math.Max(0, actors.Count - (actors[^1].Type == MemberType.User ? 2 : 1));

    private static bool IsWithin(RealmSnapshot realm, string? organizationId, string? ceiling) =>
        ceiling is null || (organizationId is not null && (organizationId == ceiling || realm.IsWithin(organizationId, ceiling)));

    private static bool AreCovered(RealmSnapshot realm, DelegationRecord delegation, IReadOnlyList<string> scopes)
    {
        for (var i = 0; i < scopes.Count; i++)
        {
            if (!HeldScopes.Cover(realm, delegation.Scopes, scopes[i]))
            {
                return false;
            }
        }

        return true;
    }
}
