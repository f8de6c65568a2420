using Pltfrms.Iam.Common.AuthorizationDetails;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Tokens;

namespace Pltfrms.Iam.Common.Decisions;

/// <summary>
/// What a token permits on one resource by its authorization details (RFC 9396): an object of the resource's type whose <c>identifier</c> is the resource,
/// or that names none, and whose <c>actions</c> have one that the realm declares to stand for the permission.
/// </summary>
public static class ResourceGrants
{
    public static bool Cover(RealmSnapshot realm, AccessToken token, ResourceReference resource, string permission)
    {
        if (token.AuthorizationDetails.Count == 0 || DeclaredDetails.TypeOf(realm.Realm, resource.Type) is not { } type)
        {
            return false;
        }

        foreach (var detail in token.AuthorizationDetails)
        {
            if (detail.Type == type.Type && (detail.Identifier is null || detail.Identifier == resource.Identifier) && Permits(type, detail, permission))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a client may ask for details that permit it: what it may use for others, as far as details go.</summary>
    public static bool MayUse(Client client, ResourceReference resource) => client.AuthorizationDetailsTypes.AsSpan().Contains(resource.Type);

    private static bool Permits(AuthorizationDetailsType type, AuthorizationDetail detail, string permission)
    {
        foreach (var action in type.Actions)
        {
            if (action.Permission == permission && detail.Actions.AsSpan().Contains(action.Action))
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>One resource, by the type of authorization details that speaks of it and the name that it has there.</summary>
public sealed record ResourceReference(string Type, string Identifier);
