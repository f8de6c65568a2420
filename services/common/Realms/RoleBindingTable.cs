using System.Runtime.InteropServices;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Common.Realms;

/// <summary>
/// A realm's role bindings, by id and by who is bound; successors share what did not change. What a user, client or group is bound to is one array,
/// ordered by organization: what a binding costs does not depend on how many organizations the bindings are spread over.
/// </summary>
internal sealed class RoleBindingTable
{
    public static readonly RoleBindingTable Empty =
        new(PagedTable<string, RoleBinding>.Empty, PagedTable<Member, RoleBinding[]>.Empty);

    private readonly PagedTable<string, RoleBinding> _byId;
    private readonly PagedTable<Member, RoleBinding[]> _byMember;

    private RoleBindingTable(PagedTable<string, RoleBinding> byId, PagedTable<Member, RoleBinding[]> byMember)
    {
        _byId = byId;
        _byMember = byMember;
    }

    /// <summary>The bindings of a user, client or group in exactly this organization or, for null, in the realm.</summary>
    public IReadOnlyList<RoleBinding> Find(MemberType memberType, string memberId, string? organizationId)
    {
        if (!_byMember.TryGetValue(new(memberType, memberId), out var bindings))
        {
            return [];
        }

        var first = FirstOf(bindings, organizationId);
        var end = first;
        while (end < bindings.Length && bindings[end].OrganizationId == organizationId)
        {
            end++;
        }

        return new ArraySegment<RoleBinding>(bindings, first, end - first);
    }

    public RoleBindingTable With(Dictionary<string, RoleBinding?> changes)
    {
        if (changes.Count == 0)
        {
            return this;
        }

        var members = new Dictionary<Member, List<RoleBinding>>();
        foreach (var (id, binding) in changes)
        {
            if (_byId.TryGetValue(id, out var before))
            {
                Of(before).RemoveAll(other => other.RoleBindingId == id);
            }

            if (binding is not null)
            {
                Of(binding).Add(binding);
            }
        }

        var arrays = new Dictionary<Member, RoleBinding[]?>(members.Count);
        foreach (var (member, bindings) in members)
        {
            arrays.Add(member, bindings.Count > 0 ? InOrder(bindings) : null);
        }

        return new(_byId.With(changes), _byMember.With(arrays));

        List<RoleBinding> Of(RoleBinding binding)
        {
            var member = new Member(binding.MemberType, binding.MemberId);
            ref var bindings = ref CollectionsMarshal.GetValueRefOrAddDefault(members, member, out var isKnown);
            if (!isKnown)
            {
                bindings = _byMember.TryGetValue(member, out var known) ? [.. known] : [];
            }

            return bindings!;
        }
    }

    private static RoleBinding[] InOrder(List<RoleBinding> bindings)
    {
        bindings.Sort(static (one, other) => string.CompareOrdinal(one.OrganizationId, other.OrganizationId));
        return [.. bindings];
    }

    /// <summary>Where those of an organization begin, or would.</summary>
    private static int FirstOf(RoleBinding[] bindings, string? organizationId)
    {
        var (first, end) = (0, bindings.Length);
        while (first < end)
        {
            var middle = (first + end) / 2;
            if (string.CompareOrdinal(bindings[middle].OrganizationId, organizationId) < 0)
            {
                first = middle + 1;
            }
            else
            {
                end = middle;
            }
        }

        return first;
    }

    private readonly record struct Member(MemberType MemberType, string MemberId);
}
