using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Common.Scopes;

/// <summary>
/// Step 2: only scopes that exist and that the client is registered for. No registered scopes means any scope only where the realm says so,
/// and never for a dynamically registered client (RFC 7591).
/// </summary>
internal static class RegistrationFilter
{
    public static void Apply(RealmSnapshot realm, Client client, List<string> scopes, ScopeTrace? trace)
    {
        var registered = client.Scopes.AsSpan();
        var isAnyAllowed = RegisteredScopes.AreAny(realm, client);
        var kept = 0;
        for (var i = 0; i < scopes.Count; i++)
        {
            var scope = scopes[i];
            if (!realm.HasScope(scope))
            {
                trace?.Dropped(scope, "", "the realm has no such scope");
            }
            else if (isAnyAllowed)
            {
                trace?.Kept(scope, "", $"client {client.ClientId} registered no scopes, and the realm then allows any");
                scopes[kept++] = scope;
            }
            else if (registered.Contains(scope))
            {
                trace?.Kept(scope, "", $"client {client.ClientId} is registered for it");
                scopes[kept++] = scope;
            }
            else
            {
                trace?.Dropped(scope, "", $"client {client.ClientId} is not registered for it");
            }
        }

        scopes.RemoveRange(kept, scopes.Count - kept);
    }
}
