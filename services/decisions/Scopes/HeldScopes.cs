using Pltfrms.Iam.Common.Realms;

namespace Pltfrms.Iam.Common.Scopes;

/// <summary>What somebody may hand on of the scopes that they hold.</summary>
public static class HeldScopes
{
    /// <summary>Whether a scope says nothing that the held ones do not say.</summary>
    public static bool Cover(RealmSnapshot realm, IReadOnlyList<string> held, string scope)
    {
        if (held.Contains(scope))
        {
            return true;
        }

        var permissions = realm.PermissionsOfScope(scope);
        return permissions.Count > 0 && permissions.All(permission => held.Any(own => realm.ScopeCovers(own, permission)));
    }
}
