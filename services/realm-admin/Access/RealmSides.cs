using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Changes;
using Pltfrms.Iam.RealmAdmin.Delegation;

namespace Pltfrms.Iam.RealmAdmin.Access;

/// <summary>A realm before and after changes; of its users, clients and bindings only those whom the changes can concern.</summary>
internal sealed class RealmSides
{
    private readonly ILookup<(MemberType Type, string Id), string?> _places;
    private readonly IReadOnlyList<string> _organizations;
    private readonly Dictionary<(ResourceKind Kind, string Id), RealmChange> _changes;

    private RealmSides(
        IReadOnlyList<RealmChange> changes, ILookup<(MemberType Type, string Id), string?> places, IReadOnlyList<string> organizations)
    {
        (_places, _organizations) = (places, organizations);
        _changes = changes.ToDictionary(change => (change.Resource.Kind, change.Resource.Id));
    }

    /// <summary>For whom differences are looked for: who administers some organizations learns of these and of who belongs to them.</summary>
    public Reach Reach { get; init; } = Reach.Realm;

    public required RealmSnapshot Before { get; init; }

    public required RealmSnapshot After { get; init; }

    public IEnumerable<RealmChange> Changes => _changes.Values;

    /// <summary>Who can gain or lose anything, in the order of lists.</summary>
    public required IReadOnlyList<Principal> Principals { get; init; }

    /// <param name="records">The realm on one side of the changes.</param>
    /// <param name="changes">One for each resource.</param>
    /// <param name="done">Whether the records have the changes already.</param>
    /// <param name="reach">Of whoever asks.</param>
    /// <param name="cancellationToken">Of the call.</param>
    public static async Task<RealmSides> ReadAsync(
        RealmRecords records, IReadOnlyList<RealmChange> changes, bool done, Reach reach, CancellationToken cancellationToken)
    {
        IReadOnlyList<RealmChange> onward = done ? [.. changes.Select(change => new RealmChange(change.After, change.Before))] : changes;
        var vocabulary = await records.VocabularyAsync(cancellationToken);
        var (principals, organizations) = await AffectedPrincipals.FindAsync(records, vocabulary, onward, cancellationToken);
        var here = RealmSnapshot.Create(0, [.. vocabulary, .. await records.PrincipalsAsync(principals, cancellationToken)]);
        var there = here.Apply(onward);
        var members = principals.SelectMany(principal => Membership.Of(here, principal).Union(Membership.Of(there, principal))).ToHashSet();

        var bindings = await records.BindingsOfAsync(members, cancellationToken);
        here = here.Apply(0, bindings, []);
        there = here.Apply(onward);
        var places = bindings.Concat(changes.SelectMany(change => new[] { change.Before, change.After }).OfType<RoleBinding>())
            .ToLookup(binding => (binding.MemberType, binding.MemberId), binding => binding.OrganizationId);
        return new RealmSides(changes, places, organizations)
        {
            Reach = reach,
            Before = done ? there : here,
            After = done ? here : there,
            Principals = [.. principals.Order(Access.Principals.Order)],
        };
    }

    public RealmChange? FindChange(ResourceKind kind, string id) => _changes.GetValueOrDefault((kind, id));

    /// <summary>Whether an organization or, for null, the realm is within the reach of whoever asks.</summary>
    public bool Contains(string? organizationId) => Reach.Organizations is not { } roots
        || (organizationId is not null && roots.Any(root => Before.IsWithin(organizationId, root) || After.IsWithin(organizationId, root)));

    /// <summary>Whether a principal belongs, before or after, to where whoever asks may look.</summary>
    public bool Sees(Principal principal) => Reach.IsRealm || new[] { Before, After }.Any(realm => principal.Type == MemberType.User
        ? (realm.FindUser(principal.Id)?.OrganizationIds ?? []).Any(Contains)
        : Contains(realm.FindClient(principal.Id)?.OwnerOrganizationId));

    /// <summary>
    /// Where a principal may find a difference: where it or a group of it is bound, and where everybody may. The realm, null, comes first; for who
    /// does not look at the realm, the organizations that stand in its place.
    /// </summary>
    public IReadOnlyList<string?> ContextsOf(Principal principal) =>
    [
        .. Reach.Organizations ?? (IEnumerable<string?>)[null],
        .. Membership.Of(Before, principal).Union(Membership.Of(After, principal))
            .SelectMany(member => _places[member])
            .Concat(_organizations)
            .OfType<string>()
            .Where(id => Contains(id) && Reach.Organizations?.Contains(id) is not true)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The organization or, where it is on the other side only, the nearest one above it; null: the realm.</summary>
    public string? PlaceIn(RealmSnapshot realm, string? organizationId)
    {
        var other = ReferenceEquals(realm, Before) ? After : Before;
        var nearest = organizationId;
        while (nearest is not null && realm.FindOrganization(nearest) is null)
        {
            nearest = other.FindOrganization(nearest)?.ParentOrganizationId;
        }

        return nearest;
    }
}
