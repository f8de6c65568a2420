using Pltfrms.Iam.Common.Realms.Model;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.Common.Realms.Mapping;

/// <summary>Resources as the feed carries them.</summary>
public static class RealmResourceMapping
{
    public static Wire.RealmResource ToWire(this IRealmResource resource) => resource switch
    {
        Realm realm => new() { Realm = realm.ToFeedWire() },
        Client client => new() { Client = client.ToFeedWire() },
        ResourceServer resourceServer => new() { ResourceServer = resourceServer.ToWire() },
        Scope scope => new() { Scope = scope.ToWire() },
        Role role => new() { Role = role.ToWire() },
        Group group => new() { Group = group.ToWire() },
        Organization organization => new() { Organization = organization.ToWire() },
        User user => new() { User = user.ToWire() },
        RoleBinding binding => new() { RoleBinding = binding.ToWire() },
        DelegationRecord delegation => new() { Delegation = delegation.ToWire() },
        _ => throw new ArgumentOutOfRangeException(nameof(resource), resource.Kind, "no wire form"),
    };

    /// <exception cref="InvalidDataException">The resource is not set, or has a value that this version does not know.</exception>
    public static IRealmResource ToRecord(this Wire.RealmResource resource) => resource.ResourceCase switch
    {
        Wire.RealmResource.ResourceOneofCase.Realm => resource.Realm.ToRecord(),
        Wire.RealmResource.ResourceOneofCase.Client => resource.Client.ToRecord(),
        Wire.RealmResource.ResourceOneofCase.ResourceServer => resource.ResourceServer.ToRecord(),
        Wire.RealmResource.ResourceOneofCase.Scope => resource.Scope.ToRecord(),
        Wire.RealmResource.ResourceOneofCase.Role => resource.Role.ToRecord(),
        Wire.RealmResource.ResourceOneofCase.Group => resource.Group.ToRecord(),
        Wire.RealmResource.ResourceOneofCase.Organization => resource.Organization.ToRecord(),
        Wire.RealmResource.ResourceOneofCase.User => resource.User.ToRecord(),
        Wire.RealmResource.ResourceOneofCase.RoleBinding => resource.RoleBinding.ToRecord(),
        Wire.RealmResource.ResourceOneofCase.Delegation => resource.Delegation.ToRecord(),
        _ => throw WireValues.Unknown(resource.ResourceCase),
    };

    public static Wire.ResourceReference ToWire(ResourceKind kind, string id) => new() { ResourceKind = kind.ToName(), ResourceId = id };

    /// <exception cref="InvalidDataException">The kind is unknown.</exception>
    public static (ResourceKind Kind, string Id) ToRecord(this Wire.ResourceReference reference) =>
        (ResourceKindNames.Parse(reference.ResourceKind), reference.ResourceId);
}
