using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.RealmAdmin.Documents.Sections;

/// <summary><c>authorization_details_types</c> (RFC 9396).</summary>
internal static class AuthorizationDetailsSection
{
    private const int MostTypes = 100;
    private const int MostActions = 50;
    private const int MostResources = 1_000;
    private const int MostProperties = 20;

    public static ValueList<AuthorizationDetailsType> Read(Fields realm, References references)
    {
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        return realm.Each("authorization_details_types", Read, MostTypes).OrderBy(type => type.Type, StringComparer.Ordinal).ToValueList();

        AuthorizationDetailsType Read(Fields fields)
        {
            var type = fields.RequiredText("type", Rules.DetailName);
            if (type is not null && !names.Add(type))
            {
                fields.Error("type", "must be unique among the types");
            }

            Require(fields, "audience");
            return new AuthorizationDetailsType
            {
                Type = type ?? "",
                Audience = fields.Reference("audience", ReferenceKind.ResourceServer, Rules.Audience) ?? "",
                Schema = fields.RequiredText("schema", Rules.DetailSchema) ?? "",
                Actions = Actions(fields, references),
                Resources = Resources(fields),
                Texts = TextSection.Read(fields),
            };
        }
    }

    private static ValueList<DetailAction> Actions(Fields fields, References references)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        var actions = fields.Each("actions", action => Action(action, references, names), MostActions);
        return actions.OrderBy(action => action.Action, StringComparer.Ordinal).ToValueList();
    }

    private static DetailAction Action(Fields fields, References references, HashSet<string> names)
    {
        var action = fields.RequiredText("action", Rules.DetailName);
        if (action is not null && !names.Add(action))
        {
            fields.Error("action", "must be unique among the type's actions");
        }

        Require(fields, "permission");
        return new(action ?? "", fields.Reference("permission", ReferenceKind.Permission, Rules.PermissionName) ?? "");
    }

    private static ValueList<KnownResource> Resources(Fields fields)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        return fields.Each("resources", resource => Resource(resource, names), MostResources)
            .OrderBy(resource => resource.Identifier, StringComparer.Ordinal).ToValueList();
    }

    private static KnownResource Resource(Fields fields, HashSet<string> names)
    {
        var identifier = fields.RequiredText("identifier", Rules.DetailName);
        if (identifier is not null && !names.Add(identifier))
        {
            fields.Error("identifier", "must be unique among the type's resources");
        }

        return new(identifier ?? "")
        {
            Properties = fields.TextEntries("properties", Rules.DetailName, Rules.ClaimValue, MostProperties)
                .OrderBy(property => property.Key, StringComparer.Ordinal)
                .Select(property => new ResourceProperty(property.Key, property.Text))
                .ToValueList(),
        };
    }

    private static void Require(Fields fields, string key)
    {
        if (!fields.Has(key))
        {
            fields.Error(key, "is required");
        }
    }
}
