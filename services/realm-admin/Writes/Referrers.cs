using System.Runtime.CompilerServices;
using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.RealmAdmin.Delegations;
using Pltfrms.Iam.RealmAdmin.Documents;
using Pltfrms.Iam.RealmAdmin.RoleBindings;
using Pltfrms.Iam.RealmAdmin.Storage;
using Pltfrms.Iam.RealmAdmin.Users;

namespace Pltfrms.Iam.RealmAdmin.Writes;

/// <summary>
/// Finds the resources that refer to names. Of most kinds a realm has few enough to look at all; users, role bindings and delegations are many, are
/// found by index, and come in pages, so that no write holds all of them.
/// </summary>
public sealed class Referrers(RealmTables tables, RoleBindingStore bindings, UserStore users, DelegationStore delegations)
{
    private const int PageSize = 500;

    private static readonly (ReferenceKind Name, ResourceKind[] Referrers)[] Scanned =
    [
        (ReferenceKind.Client, [ResourceKind.ResourceServer, ResourceKind.Client]),
        (ReferenceKind.ResourceServer, [ResourceKind.Role]),
        (ReferenceKind.Permission, [ResourceKind.Scope, ResourceKind.Role]),
        (ReferenceKind.Scope, [ResourceKind.Client]),
        (ReferenceKind.Role, [ResourceKind.Role]),
        (ReferenceKind.Group, [ResourceKind.Group]),
        (ReferenceKind.Organization, [ResourceKind.Organization, ResourceKind.Client, ResourceKind.Group]),
    ];

    /// <summary>Those of the kinds that are few, each once; not the resource itself.</summary>
    internal async Task<IReadOnlyList<IRealmResource>> FindFewAsync(
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

        return [.. found.Where(resource => (resource.Kind, resource.Id) != (self.Kind, self.Id) && ResourceReferences.Refers(resource, names))];
    }

    /// <summary>Users, role bindings and delegations, page after page; what was changed or removed since the page before is not in the next.</summary>
    /// <param name="session">Reads.</param>
    /// <param name="realmId">The realm.</param>
    /// <param name="names">What they refer to.</param>
    /// <param name="within">Only what belongs to these organizations; null: all.</param>
    /// <param name="cancellationToken">Of the call.</param>
    internal async IAsyncEnumerable<IReadOnlyList<IRealmResource>> PagesAsync(
        DatabaseSession session,
        string realmId,
        IReadOnlySet<(ReferenceKind Kind, string Id)> names,
        ValueList<string>? within,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var source in SourcesOf(names))
        {
            IReadOnlyList<IRealmResource> page;
            var range = new PageRange("", PageSize) { Within = within };
            do
            {
                page = source switch
                {
                    { Users: { } filter } => await users.ListByAsync(session, realmId, filter, range, cancellationToken),
                    { Bindings: { } filter } => await bindings.ListByAsync(session, realmId, filter, range, cancellationToken),
                    _ => await delegations.ListByAsync(session, realmId, source.Delegations!, range, cancellationToken),
                };
                range = range with { AfterId = page is [.., var last] ? last.Id : "" };
                yield return source.IsExact ? page : [.. page.Where(resource => ResourceReferences.Refers(resource, names))];
            }
            while (page.Count == PageSize);
        }
    }

    /// <summary>How many users, role bindings and delegations there are.</summary>
    internal async Task<long> CountManyAsync(
        DatabaseSession session, string realmId, IReadOnlySet<(ReferenceKind Kind, string Id)> names, CancellationToken cancellationToken)
    {
        var count = 0L;
        foreach (var source in SourcesOf(names).Where(source => source.IsExact))
        {
            count += source switch
            {
                { Users: { } filter } => await users.CountByAsync(session, realmId, filter, cancellationToken),
                { Bindings: { } filter } => await bindings.CountByAsync(session, realmId, filter, cancellationToken),
                _ => await delegations.CountByAsync(session, realmId, source.Delegations!, cancellationToken),
            };
        }

        var lookedAt = names.Where(name => name.Kind is ReferenceKind.Acr or ReferenceKind.Scope).ToHashSet();
        await foreach (var page in PagesAsync(session, realmId, lookedAt, within: null, cancellationToken))
        {
            count += page.Count;
        }

        return count;
    }

    private static IEnumerable<Source> SourcesOf(IReadOnlySet<(ReferenceKind Kind, string Id)> names) => names.SelectMany(name => name.Kind switch
    {
        ReferenceKind.User =>
        [
            Of(new RoleBindingFilter { MemberType = MemberType.User, MemberId = name.Id }), Of(new DelegationFilter { DelegatorId = name.Id }),
            Of(new DelegationFilter { DelegateType = MemberType.User, DelegateId = name.Id }),
        ],
        ReferenceKind.Client =>
        [
            Of(new RoleBindingFilter { MemberType = MemberType.Client, MemberId = name.Id }),
            Of(new DelegationFilter { DelegateType = MemberType.Client, DelegateId = name.Id }),
        ],
        ReferenceKind.Scope => [Of(new DelegationFilter())],
        ReferenceKind.Role => [Of(new RoleBindingFilter { RoleId = name.Id })],
        ReferenceKind.Acr => [Of(new RoleBindingFilter { IsConditional = true })],
        ReferenceKind.Group =>
            [Of(new RoleBindingFilter { MemberType = MemberType.Group, MemberId = name.Id }), Of(new UserFilter { GroupId = name.Id })],
        ReferenceKind.Organization =>
        [
            Of(new RoleBindingFilter { OrganizationId = name.Id }), Of(new UserFilter { OrganizationId = name.Id }),
            Of(new DelegationFilter { OrganizationId = name.Id }),
        ],
        _ => (IEnumerable<Source>)[],
    }).Distinct();

    private static Source Of(RoleBindingFilter filter) => new() { Bindings = filter };

    private static Source Of(UserFilter filter) => new() { Users = filter };

    private static Source Of(DelegationFilter filter) => new() { Delegations = filter };

    /// <summary>An index that leads to referrers: of one kind.</summary>
    private sealed record Source
    {
        public RoleBindingFilter? Bindings { get; init; }

        public UserFilter? Users { get; init; }

        public DelegationFilter? Delegations { get; init; }

        /// <summary>Whether all that it leads to refers to the name; otherwise it must be looked at.</summary>
        public bool IsExact => Bindings is not { IsConditional: true } && Delegations != new DelegationFilter();
    }
}
