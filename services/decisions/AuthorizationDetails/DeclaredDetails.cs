using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Common.AuthorizationDetails;

/// <summary>The types of authorization details that a realm declares (RFC 9396 section 2).</summary>
public static class DeclaredDetails
{
    /// <summary>Null: the realm declares no such type.</summary>
    public static AuthorizationDetailsType? TypeOf(Realm realm, string type)
    {
        foreach (var known in realm.AuthorizationDetailsTypes)
        {
            if (known.Type == type)
            {
                return known;
            }
        }

        return null;
    }
}
