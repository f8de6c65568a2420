using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Token.Assertions;

/// <summary>What a registration says of scopes and organizations, when a token is made and for as long as it lasts.</summary>
internal static class AssertionTerms
{
    public static AssertionIssuer? Find(RealmSnapshot realm, string name)
    {
        foreach (var issuer in realm.Realm.AssertionIssuers)
        {
            if (issuer.Name == name)
            {
                return issuer.Disabled ? null : issuer;
            }
        }

        return null;
    }

    /// <summary>Whether a scope says nothing that the allowed ones do not say.</summary>
    public static bool Cover(RealmSnapshot realm, IReadOnlyList<string> allowed, string scope)
    {
        if (allowed.Contains(scope))
        {
            return true;
        }

        var permissions = realm.PermissionsOfScope(scope);
        return permissions.Count > 0 && permissions.All(permission => allowed.Any(own => realm.ScopeCovers(own, permission)));
    }

    /// <summary>Whether a token may be tied to an organization; null: to none.</summary>
    public static bool AllowOrganization(RealmSnapshot realm, AssertionIssuer issuer, string? organizationId)
    {
        if (issuer.OrganizationIds.Count == 0)
        {
            return true;
        }

        foreach (var allowed in issuer.OrganizationIds)
        {
            if (organizationId is not null && (organizationId == allowed || realm.IsWithin(organizationId, allowed)))
            {
                return true;
            }
        }

        return false;
    }
}
