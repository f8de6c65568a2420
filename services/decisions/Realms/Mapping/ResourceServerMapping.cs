using Google.Protobuf.Collections;
using Pltfrms.Iam.Common.Realms.Model;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.Common.Realms.Mapping;

/// <summary>Resource servers, bundled scopes, and the texts of both.</summary>
public static class ResourceServerMapping
{
    public static Wire.ResourceServer ToWire(this ResourceServer resourceServer) => new()
    {
        RealmId = resourceServer.RealmId,
        Audience = resourceServer.Audience,
        DisplayName = resourceServer.DisplayName,
        ClientId = resourceServer.ClientId ?? "",
        Permissions = { resourceServer.Permissions.Select(ToWire) },
    };

    public static ResourceServer ToRecord(this Wire.ResourceServer resourceServer) => new()
    {
        RealmId = resourceServer.RealmId,
        Audience = resourceServer.Audience,
        DisplayName = resourceServer.DisplayName,
        ClientId = WireValues.NullIfEmpty(resourceServer.ClientId),
        Permissions = resourceServer.Permissions.Select(ToRecord).ToValueList(),
    };

    public static Wire.Scope ToWire(this Scope scope)
    {
        var wire = new Wire.Scope { RealmId = scope.RealmId, Scope_ = scope.Name, Permissions = { scope.Permissions } };
        AddTo(wire.Texts, scope.Texts);
        return wire;
    }

    public static Scope ToRecord(this Wire.Scope scope) => new()
    {
        RealmId = scope.RealmId,
        Name = scope.Scope_,
        Permissions = [.. scope.Permissions],
        Texts = ToRecord(scope.Texts),
    };

    private static Wire.Permission ToWire(Permission permission)
    {
        var wire = new Wire.Permission { Permission_ = permission.Name };
        AddTo(wire.Texts, permission.Texts);
        return wire;
    }

    private static Permission ToRecord(Wire.Permission permission) =>
        new() { Name = permission.Permission_, Texts = ToRecord(permission.Texts) };

    internal static void AddTo(MapField<string, Wire.ScopeText> wire, ValueList<ScopeText> texts)
    {
        foreach (var text in texts)
        {
            wire[text.Language] = new() { Title = text.Title, Description = text.Description };
        }
    }

    internal static ValueList<ScopeText> ToRecord(MapField<string, Wire.ScopeText> texts) => texts
        .OrderBy(text => text.Key, StringComparer.Ordinal)
        .Select(text => new ScopeText { Language = text.Key, Title = text.Value.Title, Description = text.Value.Description })
        .ToValueList();
}
