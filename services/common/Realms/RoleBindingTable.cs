using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Common.Realms;

/// <summary>A realm's role bindings, by id and by who is bound where; successors share what did not change.</summary>
internal sealed class RoleBindingTable
{
    public static readonly RoleBindingTable Empty =
        new(PagedTable<string, RoleBinding>.Empty, PagedTable<Place, RoleBinding[]>.Empty);

    private readonly PagedTable<string, RoleBinding> _byId;
    private readonly PagedTable<Place, RoleBinding[]> _byPlace;

    private RoleBindingTable(PagedTable<string, RoleBinding> byId, PagedTable<Place, RoleBinding[]> byPlace)
    {
        _byId = byId;
        _byPlace = byPlace;
    }

    /// <summary>The bindings of a user, client or group in exactly this organization or, for null, in the realm.</summary>
    public IReadOnlyList<RoleBinding> Find(MemberType memberType, string memberId, string? organizationId) =>
        _byPlace.Find(new(memberType, memberId, organizationId)) ?? [];

    public RoleBindingTable With(Dictionary<string, RoleBinding?> changes)
    {
        if (changes.Count == 0)
        {
            return this;
        }

        var places = new Dictionary<Place, List<RoleBinding>>();
        foreach (var (id, binding) in changes)
        {
            if (_byId.TryGetValue(id, out var before))
            {
                At(PlaceOf(before)).RemoveAll(other => other.RoleBindingId == id);
            }

            if (binding is not null)
            {
                At(PlaceOf(binding)).Add(binding);
            }
        }

        return new(_byId.With(changes), _byPlace.With(places.ToDictionary(place => place.Key, place => place.Value.Count > 0 ? place.Value.ToArray() : null)));

        List<RoleBinding> At(Place place)
        {
            if (!places.TryGetValue(place, out var bindings))
            {
                places.Add(place, bindings = [.. _byPlace.Find(place) ?? []]);
            }

            return bindings;
        }
    }

    private static Place PlaceOf(RoleBinding binding) => new(binding.MemberType, binding.MemberId, binding.OrganizationId);

    private readonly record struct Place(MemberType MemberType, string MemberId, string? OrganizationId);
}
