using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Common.Realms;

/// <summary>
/// A realm's role bindings, by id and by who is bound where; successors share what did not change. What a binding costs does not depend on how many
/// others its holder has, nor on how many organizations they are spread over.
/// </summary>
internal sealed class RoleBindingTable(ResourceTable<RoleBinding> byId, PagedTable<Holder, RoleBinding, ByHolder> byHolder)
{
    /// <summary>In no order.</summary>
    public IEnumerable<RoleBinding> Values => byId.Values;

    public RoleBinding? Find(string roleBindingId) => byId.Find(roleBindingId);

    /// <summary>The bindings of a user, client or group in exactly this organization or, for null, in the realm.</summary>
    public IReadOnlyList<RoleBinding> Find(MemberType memberType, string memberId, string? organizationId) =>
        byHolder.FindAll(new(memberType, memberId, organizationId));

    public RoleBindingTable With(ResourceChanges<RoleBinding> changes)
    {
        if (changes.IsEmpty)
        {
            return this;
        }

        var changedById = byId.With(changes);
        HashSet<string> changedIds = [.. changes.DeletedIds, .. changes.Upserts.Select(binding => binding.RoleBindingId)];
        List<RoleBinding> before = [.. changedIds.Select(byId.Find).OfType<RoleBinding>()];
        List<RoleBinding> after = [.. changedIds.Select(changedById.Find).OfType<RoleBinding>()];
        return new(changedById, byHolder.With(before, after));
    }
}

/// <summary>Who is bound, and where.</summary>
internal readonly record struct Holder(MemberType MemberType, string MemberId, string? OrganizationId);

internal readonly struct ByHolder : ITableOrder<Holder, RoleBinding>
{
    public static Holder KeyOf(RoleBinding value) => new(value.MemberType, value.MemberId, value.OrganizationId);

    public static int Compare(RoleBinding one, RoleBinding other)
    {
        var order = (int)one.MemberType - (int)other.MemberType;
        order = order != 0 ? order : string.CompareOrdinal(one.MemberId, other.MemberId);
        order = order != 0 ? order : string.CompareOrdinal(one.OrganizationId, other.OrganizationId);
        return order != 0 ? order : string.CompareOrdinal(one.RoleBindingId, other.RoleBindingId);
    }
}
