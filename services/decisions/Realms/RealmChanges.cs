using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Common.Realms;

/// <summary>What one delta changes, sorted by kind.</summary>
internal sealed class RealmChanges
{
    public RealmChanges(IEnumerable<IRealmResource> upserts, IEnumerable<(ResourceKind Kind, string Id)> deletes)
    {
        foreach (var (kind, id) in deletes)
        {
            Delete(kind, id);
        }

        foreach (var resource in upserts)
        {
            Upsert(resource);
        }
    }

    public Realm? Realm { get; private set; }

    public ResourceChanges<Client> Clients { get; } = new();

    public ResourceChanges<ResourceServer> ResourceServers { get; } = new();

    public ResourceChanges<Scope> Scopes { get; } = new();

    public ResourceChanges<Role> Roles { get; } = new();

    public ResourceChanges<Group> Groups { get; } = new();

    public ResourceChanges<Organization> Organizations { get; } = new();

    public ResourceChanges<User> Users { get; } = new();

    public ResourceChanges<RoleBinding> RoleBindings { get; } = new();

    public ResourceChanges<DelegationRecord> Delegations { get; } = new();

    public void Upsert(IRealmResource resource)
    {
        switch (resource)
        {
            case RoleBinding binding: RoleBindings.Upserts.Add(binding); break;
            case DelegationRecord delegation: Delegations.Upserts.Add(delegation); break;
            case User user: Users.Upserts.Add(user); break;
            case Group group: Groups.Upserts.Add(group); break;
            case Organization organization: Organizations.Upserts.Add(organization); break;
            case Client client: Clients.Upserts.Add(client); break;
            case ResourceServer server: ResourceServers.Upserts.Add(server); break;
            case Scope scope: Scopes.Upserts.Add(scope); break;
            case Role role: Roles.Upserts.Add(role); break;
            case Realm realm: Realm = realm; break;
            default: throw new ArgumentOutOfRangeException(nameof(resource), resource.Kind, "no such kind");
        }
    }

    private void Delete(ResourceKind kind, string id)
    {
        switch (kind)
        {
            // The end of a realm is the end of its feed, not a change in it.
            case ResourceKind.Realm: break;
            case ResourceKind.Client: Clients.DeletedIds.Add(id); break;
            case ResourceKind.ResourceServer: ResourceServers.DeletedIds.Add(id); break;
            case ResourceKind.Scope: Scopes.DeletedIds.Add(id); break;
            case ResourceKind.Role: Roles.DeletedIds.Add(id); break;
            case ResourceKind.Group: Groups.DeletedIds.Add(id); break;
            case ResourceKind.Organization: Organizations.DeletedIds.Add(id); break;
            case ResourceKind.User: Users.DeletedIds.Add(id); break;
            case ResourceKind.RoleBinding: RoleBindings.DeletedIds.Add(id); break;
            case ResourceKind.Delegation: Delegations.DeletedIds.Add(id); break;
            default: throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such kind");
        }
    }
}
