using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.RealmAdmin.Documents;
using Pltfrms.Iam.RealmAdmin.RoleBindings;
using Pltfrms.Iam.RealmAdmin.Storage;
using Pltfrms.Iam.RealmAdmin.Users;

namespace Pltfrms.Iam.RealmAdmin.Writes;

/// <summary>Finds the resources that refer to names.</summary>
public sealed class Referrers(RealmTables tables, RoleBindingStore bindings, UserStore users)
{
    // Users and role bindings are many and found by index; of these kinds a realm has few enough to look at all.
    private static readonly (ReferenceKind Name, ResourceKind[] Referrers)[] Scanned =
    [
        (ReferenceKind.Client, [ResourceKind.ResourceServer]),
        (ReferenceKind.ResourceServer, [ResourceKind.Role]),
        (ReferenceKind.Permission, [ResourceKind.Scope, ResourceKind.Role]),
        (ReferenceKind.Scope, [ResourceKind.Client]),
        (ReferenceKind.Role, [ResourceKind.Role]),
        (ReferenceKind.Group, [ResourceKind.Group]),
        (ReferenceKind.Organization, [ResourceKind.Organization, ResourceKind.Client, ResourceKind.Group]),
    ];

    /// <summary>Each once; not the resource itself.</summary>
    internal async Task<IReadOnlyList<IRealmResource>> FindAsync(
        DatabaseSession session,
        Realm realm,
        IRealmResource self,
        IReadOnlySet<(ReferenceKind Kind, string Id)> names,
        CancellationToken cancellationToken)
    {
        List<IRealmResource> found = self is Realm ? [] : [realm];
        var kinds = Scanned.Where(scanned => names.Any(name => name.Kind == scanned.Name)).SelectMany(scanned => scanned.Referrers).Distinct();
        foreach (var kind in kinds)
        {
            found.AddRange(await tables.ListAsync(session, kind, realm.RealmId, cancellationToken));
        }

        foreach (var (kind, id) in names)
        {
            found.AddRange(await ByIndexAsync(session, realm.RealmId, kind, id, cancellationToken));
        }

        return
        [
            .. found
                .Where(resource => (resource.Kind, resource.Id) != (self.Kind, self.Id) && ResourceReferences.Refers(resource, names))
                .DistinctBy(resource => (resource.Kind, resource.Id)),
        ];
    }

    private async Task<IReadOnlyList<IRealmResource>> ByIndexAsync(
        DatabaseSession session, string realmId, ReferenceKind kind, string id, CancellationToken cancellationToken) => kind switch
        {
            ReferenceKind.User => await BindingsAsync(session, realmId, new() { MemberType = MemberType.User, MemberId = id }, cancellationToken),
            ReferenceKind.Client => await BindingsAsync(session, realmId, new() { MemberType = MemberType.Client, MemberId = id }, cancellationToken),
            ReferenceKind.Role => await BindingsAsync(session, realmId, new() { RoleId = id }, cancellationToken),
            ReferenceKind.Acr => await bindings.ListConditionalAsync(session, realmId, cancellationToken),
            ReferenceKind.Group =>
            [
                .. await BindingsAsync(session, realmId, new() { MemberType = MemberType.Group, MemberId = id }, cancellationToken),
            .. await users.ListByGroupAsync(session, realmId, id, PageRange.All, cancellationToken),
        ],
            ReferenceKind.Organization =>
            [
                .. await BindingsAsync(session, realmId, new() { OrganizationId = id }, cancellationToken),
            .. await users.ListByOrganizationAsync(session, realmId, id, PageRange.All, cancellationToken),
        ],
            _ => [],
        };

    private Task<IReadOnlyList<RoleBinding>> BindingsAsync(DatabaseSession session, string realmId, RoleBindingFilter filter, CancellationToken cancellationToken) =>
        bindings.ListByAsync(session, realmId, filter, PageRange.All, cancellationToken);
}
