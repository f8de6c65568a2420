using System.Collections.Frozen;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Common.Realms;

/// <summary>The part of a realm that is small and rarely changes: resource servers, scopes and roles. Compiled anew where any of them changes.</summary>
internal sealed class RealmVocabulary
{
    private readonly FrozenDictionary<string, ResourceServer> _declaring;
    private readonly FrozenDictionary<string, CompiledScope> _compiledScopes;
    private readonly FrozenDictionary<string, CompiledRole> _compiledRoles;

    private RealmVocabulary(
        Realm realm,
        IReadOnlyDictionary<string, ResourceServer> resourceServers,
        IReadOnlyDictionary<string, Scope> scopes,
        IReadOnlyDictionary<string, Role> roles)
    {
        StoredResourceServers = resourceServers;
        StoredScopes = scopes;
        StoredRoles = roles;
        var builtIn = BuiltInResources.ResourceServerOf(realm.RealmId, realm.IsPlatform);
        ResourceServers = WithBuiltIns(resourceServers, [builtIn], server => server.Audience);
        Roles = WithBuiltIns(roles, BuiltInResources.RolesOf(realm.RealmId, realm.IsPlatform), role => role.RoleId);

        _declaring = Declarations(builtIn, ResourceServers.Values);
        _compiledScopes = CompileScopes(scopes.Values);
        _compiledRoles = Roles.Values.ToFrozenDictionary(
            role => role.RoleId, role => CompiledRole.Create(role, Roles, _declaring.ContainsKey), StringComparer.Ordinal);
    }

    public IReadOnlyDictionary<string, ResourceServer> StoredResourceServers { get; }

    public IReadOnlyDictionary<string, Scope> StoredScopes { get; }

    public IReadOnlyDictionary<string, Role> StoredRoles { get; }

    public FrozenDictionary<string, ResourceServer> ResourceServers { get; }

    public FrozenDictionary<string, Role> Roles { get; }

    public static RealmVocabulary Empty(Realm realm) => new(
        realm, new Dictionary<string, ResourceServer>(), new Dictionary<string, Scope>(), new Dictionary<string, Role>());

    public RealmVocabulary With(
        Realm realm,
        ResourceChanges<ResourceServer> resourceServers,
        ResourceChanges<Scope> scopes,
        ResourceChanges<Role> roles) =>
        resourceServers.IsEmpty && scopes.IsEmpty && roles.IsEmpty
            ? this
            : new(realm, Merge(StoredResourceServers, resourceServers), Merge(StoredScopes, scopes), Merge(StoredRoles, roles));

    public ResourceServer? FindDeclaring(string permission) => _declaring.GetValueOrDefault(permission);

    public bool HasScope(string scope) => _compiledScopes.ContainsKey(scope);

    public CompiledScope FindScope(string scope) => _compiledScopes.TryGetValue(scope, out var compiled) ? compiled : CompiledScope.Nothing;

    public CompiledRole? FindRole(string roleId) => _compiledRoles.GetValueOrDefault(roleId);

    private static FrozenDictionary<string, T> WithBuiltIns<T>(
        IReadOnlyDictionary<string, T> stored, IReadOnlyList<T> builtIns, Func<T, string> idOf)
    {
        var all = new Dictionary<string, T>(stored, StringComparer.Ordinal);
        foreach (var builtIn in builtIns)
        {
            all[idOf(builtIn)] = builtIn;
        }

        return all.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static Dictionary<string, T> Merge<T>(IReadOnlyDictionary<string, T> stored, ResourceChanges<T> changes)
        where T : IRealmResource
    {
        var merged = new Dictionary<string, T>(stored, StringComparer.Ordinal);
        foreach (var id in changes.DeletedIds)
        {
            merged.Remove(id);
        }

        foreach (var resource in changes.Upserts)
        {
            merged[resource.Id] = resource;
        }

        return merged;
    }

    private static FrozenDictionary<string, ResourceServer> Declarations(ResourceServer builtIn, IEnumerable<ResourceServer> resourceServers)
    {
        var declaring = new Dictionary<string, ResourceServer>(StringComparer.Ordinal);
        foreach (var server in resourceServers.OrderBy(server => server.Audience, StringComparer.Ordinal).Prepend(builtIn))
        {
            foreach (var permission in server.Permissions)
            {
                declaring.TryAdd(permission.Name, server);
            }
        }

        return declaring.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private FrozenDictionary<string, CompiledScope> CompileScopes(IEnumerable<Scope> bundles)
    {
        var compiled = new Dictionary<string, CompiledScope>(StringComparer.Ordinal);
        foreach (var (permission, server) in _declaring)
        {
            compiled[permission] = new([permission], [server.Audience]);
        }

        foreach (var bundle in bundles)
        {
            var permissions = bundle.Permissions.Where(_declaring.ContainsKey).Distinct().Order(StringComparer.Ordinal).ToValueList();
            var audiences = permissions.Select(permission => _declaring[permission].Audience).Distinct().Order(StringComparer.Ordinal);
            compiled.TryAdd(bundle.Name, new(permissions, audiences.ToValueList()));
        }

        return compiled.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
