using Pltfrms.Iam.Common.Realms.Model;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.Common.Realms.Mapping;

internal static class AuthorizationDetailsMapping
{
    public static Wire.AuthorizationDetailsType ToWire(AuthorizationDetailsType type)
    {
        var wire = new Wire.AuthorizationDetailsType
        {
            Type = type.Type,
            Audience = type.Audience,
            Schema = type.Schema,
            Actions = { type.Actions.Select(action => new Wire.DetailAction { Action = action.Action, Permission = action.Permission }) },
        };
        wire.Resources.Add(type.Resources.Select(ToWire));
        ResourceServerMapping.AddTo(wire.Texts, type.Texts);
        return wire;
    }

    public static AuthorizationDetailsType ToRecord(Wire.AuthorizationDetailsType type) => new()
    {
        Type = type.Type,
        Audience = type.Audience,
        Schema = type.Schema,
        Actions = type.Actions.Select(action => new DetailAction(action.Action, action.Permission)).ToValueList(),
        Resources = type.Resources.Select(ToRecord).ToValueList(),
        Texts = ResourceServerMapping.ToRecord(type.Texts),
    };

    private static Wire.KnownResource ToWire(KnownResource resource) => new()
    {
        Identifier = resource.Identifier,
        Properties = { resource.Properties.ToDictionary(property => property.Name, property => property.Value) },
    };

    private static KnownResource ToRecord(Wire.KnownResource resource) => new(resource.Identifier)
    {
        Properties = resource.Properties
            .OrderBy(property => property.Key, StringComparer.Ordinal)
            .Select(property => new ResourceProperty(property.Key, property.Value))
            .ToValueList(),
    };
}
