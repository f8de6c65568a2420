using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Documents;

namespace Pltfrms.Iam.RealmAdmin.Writes;

/// <summary>What stored resources refer to, and what is left of them once that is gone.</summary>
internal static class ResourceReferences
{
    /// <summary>The names that go with a resource.</summary>
    public static IReadOnlySet<(ReferenceKind Kind, string Id)> NamesOf(IRealmResource resource) => resource switch
    {
        Client client => Names((ReferenceKind.Client, client.ClientId)),
        ResourceServer server => Names([(ReferenceKind.ResourceServer, server.Audience), .. PermissionNames(server.Permissions.Select(p => p.Name))]),
        Scope scope => Names((ReferenceKind.Scope, scope.Name)),
        Role role => Names((ReferenceKind.Role, role.RoleId)),
        Group group => Names((ReferenceKind.Group, group.GroupId)),
        Organization organization => Names((ReferenceKind.Organization, organization.OrganizationId)),
        User user => Names((ReferenceKind.User, user.UserId)),
        Realm realm => Names([.. realm.AcrValues.Select(acr => (ReferenceKind.Acr, acr))]),
        _ => Names(),
    };

    public static IEnumerable<(ReferenceKind Kind, string Id)> PermissionNames(IEnumerable<string> permissions) =>
        permissions.SelectMany(name => new[] { (ReferenceKind.Permission, name), (ReferenceKind.Scope, name) });

    public static bool Refers(IRealmResource resource, IReadOnlySet<(ReferenceKind Kind, string Id)> names) => Of(resource).Any(names.Contains);

    /// <summary>
    /// The resource without its references to what is gone. A list loses an entry; an optional reference is unset, which means the realm itself;
    /// null where the resource cannot be without it: role bindings, delegations and their last scope, and organizations below one that goes.
    /// </summary>
    public static IRealmResource? Without(IRealmResource resource, IReadOnlySet<(ReferenceKind Kind, string Id)> gone) => resource switch
    {
        Client client => client with
        {
            Scopes = Kept(client.Scopes, ReferenceKind.Scope, gone),
            OwnerOrganizationId = Kept(client.OwnerOrganizationId, ReferenceKind.Organization, gone),
            MayActClientId = Kept(client.MayActClientId, ReferenceKind.Client, gone),
        },
        ResourceServer server => server with { ClientId = Kept(server.ClientId, ReferenceKind.Client, gone) },
        Scope scope => scope with { Permissions = Kept(scope.Permissions, ReferenceKind.Permission, gone) },
        Role role => role with
        {
            Audience = Kept(role.Audience, ReferenceKind.ResourceServer, gone),
            Permissions = Kept(role.Permissions, ReferenceKind.Permission, gone),
            IncludedRoleIds = Kept(role.IncludedRoleIds, ReferenceKind.Role, gone),
        },
        Group group => group with
        {
            ParentGroupIds = Kept(group.ParentGroupIds, ReferenceKind.Group, gone),
            OwnerOrganizationId = Kept(group.OwnerOrganizationId, ReferenceKind.Organization, gone),
        },
        User user => user with
        {
            OrganizationIds = Kept(user.OrganizationIds, ReferenceKind.Organization, gone),
            GroupIds = Kept(user.GroupIds, ReferenceKind.Group, gone),
        },
        DelegationRecord delegation => Without(delegation, gone),
        _ => null,
    };

    public static IEnumerable<(ReferenceKind Kind, string Id)> Of(IRealmResource resource) => resource switch
    {
        Client client => [.. All(ReferenceKind.Scope, client.Scopes), .. One(ReferenceKind.Organization, client.OwnerOrganizationId), .. One(ReferenceKind.Client, client.MayActClientId)],
        ResourceServer server => One(ReferenceKind.Client, server.ClientId),
        Scope scope => All(ReferenceKind.Permission, scope.Permissions),
        Role role =>
        [
            .. One(ReferenceKind.ResourceServer, role.Audience), .. All(ReferenceKind.Permission, role.Permissions),
            .. All(ReferenceKind.Role, role.IncludedRoleIds),
        ],
        Group group => [.. All(ReferenceKind.Group, group.ParentGroupIds), .. One(ReferenceKind.Organization, group.OwnerOrganizationId)],
        Organization organization => One(ReferenceKind.Organization, organization.ParentOrganizationId),
        User user => [.. All(ReferenceKind.Organization, user.OrganizationIds), .. All(ReferenceKind.Group, user.GroupIds)],
        RoleBinding binding =>
        [
            (MemberKind(binding.MemberType), binding.MemberId), (ReferenceKind.Role, binding.RoleId),
            .. One(ReferenceKind.Organization, binding.OrganizationId), .. One(ReferenceKind.Acr, binding.Conditions?.MinAcr),
        ],
        Realm realm =>
        [
            .. Of(realm.ScopePipeline), .. Of(realm.LoginSettings), .. realm.AssertionIssuers.SelectMany(Of),
            .. All(ReferenceKind.Scope, realm.ClientRegistration?.Policy.Scopes ?? []),
            .. All(ReferenceKind.ResourceServer, realm.AuthorizationDetailsTypes.Select(type => type.Audience)),
            .. All(ReferenceKind.Permission, realm.AuthorizationDetailsTypes.SelectMany(type => type.Actions).Select(action => action.Permission)),
        ],
        DelegationRecord delegation =>
        [
            (ReferenceKind.User, delegation.DelegatorId), (MemberKind(delegation.DelegateType), delegation.DelegateId),
            .. All(ReferenceKind.Scope, delegation.Scopes), .. One(ReferenceKind.Organization, delegation.OrganizationId),
        ],
        _ => [],
    };

    private static IEnumerable<(ReferenceKind Kind, string Id)> Of(ScopePipeline pipeline)
    {
        var flows = pipeline.Conditions.Select(condition => condition.Flow).OfType<FlowCondition>().ToList();
        var drops = pipeline.GrantedScopesProcessors.Select(processor => processor.DropByOrganization).OfType<DropByOrganization>().ToList();
        var roles = pipeline.Conditions.Select(condition => condition.Role)
            .Concat(pipeline.GrantedScopesProcessors.Select(processor => processor.CapByRole)).OfType<RoleCondition>();
        return
        [
            .. pipeline.ScopePolicies.SelectMany(policy => All(ReferenceKind.Scope, policy.DefaultScopes)),
            .. pipeline.Conditions.SelectMany(condition => All(ReferenceKind.Scope, condition.Scopes)),
            .. pipeline.Transformations.SelectMany(step => All(ReferenceKind.Scope, step.Replacements.Append(step.Scope))),
            .. pipeline.GrantedScopesProcessors.SelectMany(processor => All(ReferenceKind.Scope, processor.Whitelist ?? [])),
            .. drops.SelectMany(drop => All(ReferenceKind.Scope, drop.Scopes)),
            .. drops.SelectMany(drop => All(ReferenceKind.Organization, drop.OrganizationIds)),
            .. flows.SelectMany(flow => All(ReferenceKind.Organization, flow.OrganizationIds)),
            .. roles.SelectMany(role => All(ReferenceKind.Role, role.RoleIds)),
        ];
    }

    private static IEnumerable<(ReferenceKind Kind, string Id)> Of(LoginSettings settings) => settings.Upstream is { } upstream
        ? [
            .. All(ReferenceKind.Role, upstream.RoleMappings.Select(mapping => mapping.StandsFor)),
            .. All(ReferenceKind.Acr, upstream.AcrMappings.Select(mapping => mapping.StandsFor)),
        ]
        : [];

    private static IEnumerable<(ReferenceKind Kind, string Id)> Of(AssertionIssuer issuer) =>
    [
        .. All(ReferenceKind.Client, issuer.ClientIds), .. All(ReferenceKind.Scope, issuer.Scopes.Concat(issuer.Rules.SelectMany(rule => rule.Scopes))),
        .. All(ReferenceKind.Organization, issuer.OrganizationIds), .. All(ReferenceKind.Role, issuer.Rules.SelectMany(rule => rule.RoleIds)),
    ];

    /// <summary>Without its organization it would hold in the realm, and without a scope it gives nothing.</summary>
    private static DelegationRecord? Without(DelegationRecord delegation, IReadOnlySet<(ReferenceKind Kind, string Id)> gone)
    {
        var left = delegation with { Scopes = Kept(delegation.Scopes, ReferenceKind.Scope, gone) };
        return left.Scopes.Count == 0 || Of(left).Any(gone.Contains) ? null : left;
    }

    private static ReferenceKind MemberKind(MemberType type) => type switch
    {
        MemberType.User => ReferenceKind.User,
        MemberType.Client => ReferenceKind.Client,
        _ => ReferenceKind.Group,
    };

    private static HashSet<(ReferenceKind Kind, string Id)> Names(params (ReferenceKind Kind, string Id)[] names) => [.. names];

    private static IEnumerable<(ReferenceKind Kind, string Id)> All(ReferenceKind kind, IEnumerable<string> ids) => ids.Select(id => (kind, id));

    private static IEnumerable<(ReferenceKind Kind, string Id)> One(ReferenceKind kind, string? id) => id is null ? [] : [(kind, id)];

    private static ValueList<string> Kept(ValueList<string> ids, ReferenceKind kind, IReadOnlySet<(ReferenceKind Kind, string Id)> gone) =>
        ids.Where(id => !gone.Contains((kind, id))).ToValueList();

    private static string? Kept(string? id, ReferenceKind kind, IReadOnlySet<(ReferenceKind Kind, string Id)> gone) =>
        id is not null && gone.Contains((kind, id)) ? null : id;
}
