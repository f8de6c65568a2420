using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.RealmAdmin.Clients;
using Pltfrms.Iam.RealmAdmin.Delegations;
using Pltfrms.Iam.RealmAdmin.Groups;
using Pltfrms.Iam.RealmAdmin.Organizations;
using Pltfrms.Iam.RealmAdmin.Realms;
using Pltfrms.Iam.RealmAdmin.ResourceServers;
using Pltfrms.Iam.RealmAdmin.RoleBindings;
using Pltfrms.Iam.RealmAdmin.Roles;
using Pltfrms.Iam.RealmAdmin.Scopes;
using Pltfrms.Iam.RealmAdmin.Users;

namespace Pltfrms.Iam.RealmAdmin.Storage;

/// <summary>All that a realm consists of: the realm's own row, and one table for each kind of resource in it.</summary>
public sealed class RealmTables(RealmStore realms)
{
    private static readonly RealmHostStore Hosts = new();

    private readonly Dictionary<ResourceKind, ResourceTable> _byKind = InOrder.ToDictionary(table => table.Kind);

    /// <summary>What others refer to comes first.</summary>
    public static IReadOnlyList<ResourceTable> InOrder { get; } =
    [
        ResourceTable.Of(ResourceKind.Organization, new OrganizationStore()),
        ResourceTable.Of(ResourceKind.Client, new ClientStore()),
        ResourceTable.Of(ResourceKind.ResourceServer, new ResourceServerStore()),
        ResourceTable.Of(ResourceKind.Scope, new ScopeStore()),
        ResourceTable.Of(ResourceKind.Role, new RoleStore()),
        ResourceTable.Of(ResourceKind.Group, new GroupStore()),
        ResourceTable.Of(ResourceKind.User, new UserStore()),
        ResourceTable.Of(ResourceKind.RoleBinding, new RoleBindingStore()),
        ResourceTable.Of(ResourceKind.Delegation, new DelegationStore()),
    ];

    /// <summary>The whole realm, itself first; null where it does not exist.</summary>
    public async Task<IReadOnlyList<IRealmResource>?> ReadAsync(DatabaseSession session, string realmId, CancellationToken cancellationToken)
    {
        if (await realms.FindAsync(session, realmId, cancellationToken) is not { } realm)
        {
            return null;
        }

        List<IRealmResource> resources = [realm];
        foreach (var table in InOrder)
        {
            resources.AddRange(await table.ListAsync(session, realmId, PageRange.All, cancellationToken));
        }

        return resources;
    }

    /// <exception cref="Common.Errors.IamException">HOST_NAME_TAKEN.</exception>
    public async Task UpsertAsync(DatabaseSession session, IRealmResource resource, CancellationToken cancellationToken)
    {
        if (resource is not Realm realm)
        {
            await _byKind[resource.Kind].UpsertAsync(session, [resource], cancellationToken);
            return;
        }

        await realms.UpdateAsync(session, realm, cancellationToken);
        if (!await Hosts.SetAsync(session, realm.RealmId, realm.HostName, cancellationToken))
        {
            throw HostNameTaken.At("host_name", realm.HostName);
        }
    }

    /// <summary>One resource; null where the realm has none of the id.</summary>
    public async Task<IRealmResource?> FindAsync(
        DatabaseSession session, ResourceKind kind, string realmId, string id, CancellationToken cancellationToken) =>
        kind == ResourceKind.Realm
            ? await realms.FindAsync(session, id, cancellationToken)
            : await _byKind[kind].FindAsync(session, realmId, id, cancellationToken);

    /// <summary>All resources of one kind.</summary>
    public Task<IReadOnlyList<IRealmResource>> ListAsync(
        DatabaseSession session, ResourceKind kind, string realmId, CancellationToken cancellationToken) =>
        _byKind[kind].ListAsync(session, realmId, PageRange.All, cancellationToken);

    /// <summary>Several of one kind, none of them twice.</summary>
    public async Task UpsertAsync(
        DatabaseSession session, ResourceKind kind, IReadOnlyList<IRealmResource> resources, CancellationToken cancellationToken)
    {
        if (kind != ResourceKind.Realm)
        {
            await _byKind[kind].UpsertAsync(session, resources, cancellationToken);
            return;
        }

        foreach (var realm in resources)
        {
            await UpsertAsync(session, realm, cancellationToken);
        }
    }

    /// <summary>Several of one kind of which a realm has many.</summary>
    public Task DeleteAsync(
        DatabaseSession session, ResourceKind kind, string realmId, IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        _byKind[kind].DeleteAsync(session, realmId, ids, cancellationToken);

    /// <summary>A realm's host name is free at once; everything else of it goes later.</summary>
    public async Task DeleteAsync(DatabaseSession session, IRealmResource resource, CancellationToken cancellationToken)
    {
        if (resource is not Realm)
        {
            await _byKind[resource.Kind].DeleteAsync(session, resource.RealmId, [resource.Id], cancellationToken);
            return;
        }

        await realms.DeleteAsync(session, resource.RealmId, cancellationToken);
        await Hosts.SetAsync(session, resource.RealmId, hostName: null, cancellationToken);
    }
}
