using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Documents.Yaml;

namespace Pltfrms.Iam.RealmAdmin.Documents;

/// <summary>Writes <c>authorization_details_types</c>.</summary>
internal static class AuthorizationDetailsWriter
{
    public static void Write(YamlWriter yaml, ValueList<AuthorizationDetailsType> types)
    {
        if (types.Count > 0)
        {
            yaml.Gap().Each("authorization_details_types", types, type => WriteType(yaml, type));
        }
    }

    private static void WriteType(YamlWriter yaml, AuthorizationDetailsType type)
    {
        yaml.Text("type", type.Type)
            .Text("audience", type.Audience)
            .Text("schema", type.Schema)
            .Each("actions", type.Actions, action => yaml.Text("action", action.Action).Text("permission", action.Permission))
            .Each("resources", type.Resources, resource => WriteResource(yaml, resource));
        RealmDocumentWriter.WriteTexts(yaml, type.Texts);
    }

    private static void WriteResource(YamlWriter yaml, KnownResource resource)
    {
        yaml.Text("identifier", resource.Identifier);
        if (resource.Properties.Count > 0)
        {
            yaml.Mapping("properties", () =>
            {
                foreach (var property in resource.Properties)
                {
                    yaml.Entry(property.Name, property.Value);
                }
            });
        }
    }
}
