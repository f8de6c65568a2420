using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Common.Scopes;

/// <summary>What a client may ever ask for.</summary>
public static class RegisteredScopes
{
    /// <summary>Whether the client may ask for any scope: it registered none, the realm then allows any, and it was not registered dynamically.</summary>
    public static bool AreAny(RealmSnapshot realm, Client client) =>
        client.Scopes.Count == 0 && !client.DynamicallyRegistered && realm.Realm.ScopePipeline.UnregisteredScopes == UnregisteredScopes.Any;

    /// <summary>Whether one of them covers the permission.</summary>
    public static bool Cover(RealmSnapshot realm, Client client, string permission)
    {
        foreach (var scope in client.Scopes)
        {
            if (realm.ScopeCovers(scope, permission))
            {
                return true;
            }
        }

        return AreAny(realm, client);
    }
}
