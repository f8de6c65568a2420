using Pltfrms.Iam.Common.Decisions;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;

namespace Pltfrms.Iam.Common.Tokens;

/// <summary>Whether the client, the user, the actors and the delegation that a token names are still welcome in its realm.</summary>
public static class TokenStanding
{
    public static bool Holds(RealmSnapshot realm, AccessToken token, DateTimeOffset now)
    {
        if (realm.FindClient(token.ClientId) is not { Disabled: false }
            || (token.DelegationId is not null && !DelegationStanding.Holds(realm, token, now))
            || (token.Subject != Principal.Client(token.ClientId) && !PermissionDecision.IsKnown(realm, token.Subject)))
        {
            return false;
        }

        for (var i = 0; i < token.Actors.Count; i++)
        {
            if (!PermissionDecision.IsKnown(realm, token.Actors[i]))
            {
                return false;
            }
        }

        return true;
    }
}
