using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Pltfrms.Iam.Common.Realms.Mapping;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.RealmAdmin.Writes;

/// <summary>Identifies a state of a resource: equal states have equal etags, whoever wrote them. Derived, so nothing can get out of step.</summary>
internal static class ResourceEtag
{
    public static string Of(IRealmResource resource)
    {
        // A realm's etag is of its own settings; its revision moves with every write in it.
        var state = resource is Realm realm ? realm with { Revision = 0 } : resource;
        return Base64Url.EncodeToString(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(state, state.GetType(), StoredJson.Options)));
    }

    public static Wire.Realm WithEtag(this Realm realm)
    {
        var wire = realm.ToWire();
        wire.Etag = Of(realm);
        return wire;
    }

    public static Wire.Client WithEtag(this Client client)
    {
        var wire = client.ToWire();
        wire.Etag = Of(client);
        return wire;
    }

    public static Wire.ResourceServer WithEtag(this ResourceServer server)
    {
        var wire = server.ToWire();
        wire.Etag = Of(server);
        return wire;
    }

    public static Wire.Scope WithEtag(this Scope scope)
    {
        var wire = scope.ToWire();
        wire.Etag = Of(scope);
        return wire;
    }

    public static Wire.Role WithEtag(this Role role)
    {
        var wire = role.ToWire();
        wire.Etag = Of(role);
        return wire;
    }

    public static Wire.Group WithEtag(this Group group)
    {
        var wire = group.ToWire();
        wire.Etag = Of(group);
        return wire;
    }

    public static Wire.Organization WithEtag(this Organization organization)
    {
        var wire = organization.ToWire();
        wire.Etag = Of(organization);
        return wire;
    }

    public static Wire.User WithEtag(this User user)
    {
        var wire = user.ToWire();
        wire.Etag = Of(user);
        return wire;
    }

    public static Wire.RoleBinding WithEtag(this RoleBinding binding)
    {
        var wire = binding.ToWire();
        wire.Etag = Of(binding);
        return wire;
    }

    public static Wire.Delegation WithEtag(this DelegationRecord delegation)
    {
        var wire = delegation.ToWire();
        wire.Etag = Of(delegation);
        return wire;
    }
}
