using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.RealmAdmin.Delegation;
using Pltfrms.Iam.RealmAdmin.Realms;
using Pltfrms.Iam.RealmAdmin.RoleBindings;
using Pltfrms.Iam.RealmAdmin.Storage;
using Pltfrms.Iam.RealmAdmin.Users;

namespace Pltfrms.Iam.RealmAdmin.Access;

/// <summary>A realm as it stands in the database, for as long as a session sees one state of it.</summary>
public sealed class StoredRecords(DatabaseSession session, string realmId, AccessTables stores) : RealmRecords
{
    private static readonly ResourceKind[] FewOfKind =
        [ResourceKind.Organization, ResourceKind.ResourceServer, ResourceKind.Scope, ResourceKind.Role, ResourceKind.Group];

    /// <exception cref="Pltfrms.Iam.Common.Errors.IamException">REALM_NOT_FOUND.</exception>
    public override async Task<IReadOnlyList<IRealmResource>> VocabularyAsync(CancellationToken cancellationToken)
    {
        var realm = (Realm?)await stores.All.FindAsync(session, ResourceKind.Realm, realmId, realmId, cancellationToken) ?? throw RealmNotFound.For(realmId);
        List<IRealmResource> resources = [realm with { IsPlatform = stores.Platform.Is(realmId) }];
        foreach (var kind in FewOfKind)
        {
            resources.AddRange(await stores.All.ListAsync(session, kind, realmId, cancellationToken));
        }

        return resources;
    }

    public override async Task<IReadOnlyList<IRealmResource>> PrincipalsAsync(
        IReadOnlySet<Principal> principals, CancellationToken cancellationToken)
    {
        List<IRealmResource> found = [];
        if (principals.Count > Few)
        {
            found.AddRange(await stores.All.ListAsync(session, ResourceKind.Client, realmId, cancellationToken));
            found.AddRange(await stores.All.ListAsync(session, ResourceKind.User, realmId, cancellationToken));
            return [.. found.Where(resource => principals.Contains(resource.AsPrincipal()))];
        }

        foreach (var (type, id) in principals)
        {
            var kind = type == MemberType.User ? ResourceKind.User : ResourceKind.Client;
            if (await stores.All.FindAsync(session, kind, realmId, id, cancellationToken) is { } principal)
            {
                found.Add(principal);
            }
        }

        return found;
    }

    public override async Task<IReadOnlyList<Client>> ClientsAsync(CancellationToken cancellationToken) =>
        [.. (await stores.All.ListAsync(session, ResourceKind.Client, realmId, cancellationToken)).Cast<Client>()];

    public override Task<IReadOnlyList<User>> MembersAsync(string groupId, PageRange range, CancellationToken cancellationToken) =>
        stores.Users.ListByAsync(session, realmId, new() { GroupId = groupId }, range, cancellationToken);

    public override Task<IReadOnlyList<RoleBinding>> BindingsAsync(RoleBindingFilter filter, CancellationToken cancellationToken) =>
        stores.Bindings.ListByAsync(session, realmId, filter, PageRange.All, cancellationToken);
}

/// <summary>The tables that say who may do what.</summary>
/// <param name="All">Of every kind.</param>
/// <param name="Users">For the members of groups.</param>
/// <param name="Bindings">For bindings by member, role and place.</param>
/// <param name="Platform">The realm that has built-in roles and permissions besides.</param>
public sealed record AccessTables(RealmTables All, UserStore Users, RoleBindingStore Bindings, PlatformRealm Platform);
