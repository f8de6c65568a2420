using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Common.Realms;

/// <summary>What one delta changes, sorted by kind; null is a deletion. Of several changes to one resource the last counts.</summary>
internal sealed class RealmChanges
{
    public RealmChanges(IEnumerable<IRealmResource> upserts, IEnumerable<(ResourceKind Kind, string Id)> deletes)
    {
        MakeRoom(upserts);
        foreach (var (kind, id) in deletes)
        {
            Set(kind, id, null);
        }

        foreach (var resource in upserts)
        {
            Set(resource.Kind, resource.Id, resource);
        }
    }

    public Realm? Realm { get; private set; }

    public Dictionary<string, Client?> Clients { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, ResourceServer?> ResourceServers { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, Scope?> Scopes { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, Role?> Roles { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, Group?> Groups { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, Organization?> Organizations { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, User?> Users { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, RoleBinding?> RoleBindings { get; } = new(StringComparer.Ordinal);

    /// <summary>For those that a whole realm has very many of: growing by doubling leaves as much garbage as there is to keep.</summary>
    private void MakeRoom(IEnumerable<IRealmResource> upserts)
    {
        if (upserts is IReadOnlyCollection<IRealmResource> { Count: > 1_000 })
        {
            Users.EnsureCapacity(upserts.Count(resource => resource.Kind == ResourceKind.User));
            RoleBindings.EnsureCapacity(upserts.Count(resource => resource.Kind == ResourceKind.RoleBinding));
        }
    }

    private void Set(ResourceKind kind, string id, IRealmResource? resource)
    {
        switch (kind)
        {
            // The end of a realm is the end of its feed, not a change in it.
            case ResourceKind.Realm: Realm = (Realm?)resource ?? Realm; break;
            case ResourceKind.Client: Clients[id] = (Client?)resource; break;
            case ResourceKind.ResourceServer: ResourceServers[id] = (ResourceServer?)resource; break;
            case ResourceKind.Scope: Scopes[id] = (Scope?)resource; break;
            case ResourceKind.Role: Roles[id] = (Role?)resource; break;
            case ResourceKind.Group: Groups[id] = (Group?)resource; break;
            case ResourceKind.Organization: Organizations[id] = (Organization?)resource; break;
            case ResourceKind.User: Users[id] = (User?)resource; break;
            case ResourceKind.RoleBinding: RoleBindings[id] = (RoleBinding?)resource; break;
            default: throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such kind");
        }
    }
}
