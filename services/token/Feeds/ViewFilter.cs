using System.Collections.Frozen;
using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Token.Feeds;

/// <summary>
/// What a view shows of each resource. What it shows is named here, field by field: a field that a resource comes to have is not shown until somebody
/// finds that decisions need it. It depends on the realm, its resource servers, scopes and roles only, and keeps nothing else of the realm.
/// </summary>
internal sealed class ViewFilter
{
    private readonly ViewAudiences _audiences;
    private readonly FrozenSet<string> _permissions;
    private readonly FrozenSet<string> _detailsTypes;

    public ViewFilter(RealmSnapshot realm, ViewAudiences audiences)
    {
        _audiences = audiences;
        _permissions = DeclaringServers(realm).SelectMany(server => server.Permissions).Select(permission => permission.Name)
            .Where(permission => realm.FindDeclaringResourceServer(permission) is { } server && audiences.Contains(server.Audience))
            .ToFrozenSet(StringComparer.Ordinal);
        Scopes = realm.All(ResourceKind.Scope).Cast<Scope>().Where(scope => scope.Permissions.Any(_permissions.Contains))
            .Select(scope => scope.Name).Concat(_permissions).ToFrozenSet(StringComparer.Ordinal);
        RoleIds = realm.All(ResourceKind.Role).Select(role => role.Id)
            .Concat(BuiltInResources.RolesOf(realm.RealmId, realm.Realm.IsPlatform).Select(role => role.RoleId))
            .Where(roleId => PermissionEvaluator.PermissionsOfRoles(realm, [roleId]).Overlaps(_permissions))
            .ToFrozenSet(StringComparer.Ordinal);
        _detailsTypes = realm.Realm.AuthorizationDetailsTypes.Where(IsVisible).Select(type => type.Type).ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>The roles, also built-in ones, that give a permission of the view.</summary>
    public IReadOnlySet<string> RoleIds { get; }

    /// <summary>The scopes, also permissions' own, that cover a permission of the view.</summary>
    public IReadOnlySet<string> Scopes { get; }

    /// <summary>Whether clients look the same through both.</summary>
    public bool ShowsClientsAs(ViewFilter other) => Scopes.SetEquals(other.Scopes) && _detailsTypes.SetEquals(other._detailsTypes);

    /// <summary>A resource as the view shows it; null: it does not.</summary>
    public IRealmResource? Show(IRealmResource? resource) => resource switch
    {
        null => null,
        Realm realm => Show(realm),
        Client client => Show(client),
        ResourceServer server => Show(server),
        Scope scope => Scopes.Contains(scope.Name) ? new Scope { RealmId = scope.RealmId, Name = scope.Name, Permissions = Visible(scope.Permissions) } : null,
        Role role => RoleIds.Contains(role.RoleId) ? Show(role) : null,
        Group group => new Group { RealmId = group.RealmId, GroupId = group.GroupId, ParentGroupIds = group.ParentGroupIds },
        Organization organization => Show(organization),
        User user => new User { RealmId = user.RealmId, UserId = user.UserId, Disabled = user.Disabled, GroupIds = user.GroupIds },
        RoleBinding binding => RoleIds.Contains(binding.RoleId) ? Show(binding) : null,
        DelegationRecord delegation => _audiences.Audiences is null ? Show(delegation) : null,
        _ => throw new ArgumentOutOfRangeException(nameof(resource), resource.Kind, "no such kind"),
    };

    private IEnumerable<ResourceServer> DeclaringServers(RealmSnapshot realm) =>
        realm.ResourceServers.Append(BuiltInResources.ResourceServerOf(realm.RealmId, realm.Realm.IsPlatform)).Where(server => _audiences.Contains(server.Audience));

    /// <summary>The revision is the event's, or every write would change the realm.</summary>
    private Realm Show(Realm realm) => new()
    {
        RealmId = realm.RealmId,
        HostName = realm.HostName,
        Disabled = realm.Disabled,
        AcrValues = realm.AcrValues,
        ScopePipeline = new() { UnregisteredScopes = realm.ScopePipeline.UnregisteredScopes },
        AuthorizationDetailsTypes = realm.AuthorizationDetailsTypes.Where(IsVisible).Select(Show).ToValueList(),
        IsPlatform = realm.IsPlatform,
        CreatedAt = realm.CreatedAt,
    };

    /// <summary>Who registered scopes of others only may still not ask for any scope, as those without a registration may where the realm says so.</summary>
    private Client Show(Client client) => new()
    {
        RealmId = client.RealmId,
        ClientId = client.ClientId,
        ClientType = client.ClientType,
        Disabled = client.Disabled,
        Scopes = client.Scopes.Where(Scopes.Contains).ToValueList(),
        DynamicallyRegistered = client.DynamicallyRegistered || client.Scopes.Count > 0,
        AuthorizationDetailsTypes = client.AuthorizationDetailsTypes.Where(_detailsTypes.Contains).ToValueList(),
    };

    private ResourceServer? Show(ResourceServer server) => !_audiences.Contains(server.Audience) ? null : new()
    {
        RealmId = server.RealmId,
        Audience = server.Audience,
        Permissions = server.Permissions.Select(permission => new Permission { Name = permission.Name }).ToValueList(),
    };

    private Role Show(Role role) => new()
    {
        RealmId = role.RealmId,
        RoleId = role.RoleId,
        Permissions = Visible(role.Permissions),
        IncludedRoleIds = role.IncludedRoleIds.Where(RoleIds.Contains).ToValueList(),
    };

    private static Organization Show(Organization organization) => new()
    {
        RealmId = organization.RealmId,
        OrganizationId = organization.OrganizationId,
        ParentOrganizationId = organization.ParentOrganizationId,
        Disabled = organization.Disabled,
    };

    private static RoleBinding Show(RoleBinding binding) => new()
    {
        RealmId = binding.RealmId,
        RoleBindingId = binding.RoleBindingId,
        MemberType = binding.MemberType,
        MemberId = binding.MemberId,
        RoleId = binding.RoleId,
        OrganizationId = binding.OrganizationId,
        Conditions = binding.Conditions,
        ExpiresAt = binding.ExpiresAt,
    };

    private static DelegationRecord Show(DelegationRecord delegation) => new()
    {
        RealmId = delegation.RealmId,
        DelegationId = delegation.DelegationId,
        DelegatorId = delegation.DelegatorId,
        DelegateType = delegation.DelegateType,
        DelegateId = delegation.DelegateId,
        Scopes = delegation.Scopes,
        OrganizationId = delegation.OrganizationId,
        ExpiresAt = delegation.ExpiresAt,
        MaxDepth = delegation.MaxDepth,
        CreatedAt = delegation.CreatedAt,
    };

    private AuthorizationDetailsType Show(AuthorizationDetailsType type) => new()
    {
        Type = type.Type,
        Audience = type.Audience,
        Schema = "{}",
        Actions = type.Actions.Where(action => _permissions.Contains(action.Permission)).ToValueList(),
    };

    private bool IsVisible(AuthorizationDetailsType type) => _audiences.Contains(type.Audience);

    private ValueList<string> Visible(ValueList<string> permissions) => permissions.Where(_permissions.Contains).ToValueList();
}
