using System.Collections.Concurrent;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Common.Permissions;

/// <summary>The roles that a principal holds in one context of one snapshot, before conditions and expiry.</summary>
internal sealed class PrincipalAccess
{
    private static readonly PrincipalAccess None = new([]);
    private static readonly PermissionAssignment NotAssigned = new() { Outcome = AssignmentOutcome.NotAssigned };

    private readonly HeldRole[] _heldRoles;
    private readonly ConcurrentDictionary<string, PermissionAssignment[]> _assignments = new(concurrencyLevel: 1, capacity: 7);

    private PrincipalAccess(HeldRole[] heldRoles) => _heldRoles = heldRoles;

    public IEnumerable<RoleHolding> Holdings => _heldRoles.Select(held => new RoleHolding(held.Binding, held.GroupPath, held.Role.PathsByPermission));

    public bool IsEmpty => _heldRoles.Length == 0;

    public static PrincipalAccess Create(RealmSnapshot realm, Principal principal, string? organizationId)
    {
        var exists = principal.Type switch
        {
            MemberType.User => realm.FindUser(principal.Id) is not null,
            MemberType.Client => realm.FindClient(principal.Id) is not null,
            _ => throw new ArgumentOutOfRangeException(nameof(principal), principal.Type, "a group is no principal"),
        };
        if (!exists)
        {
            return None;
        }

        string?[] places = [null, .. realm.AncestorsAndSelf(organizationId)];
        var held = new List<HeldRole>();
        AddBindings(principal.Type, principal.Id, []);
        foreach (var path in GroupPaths.Of(realm, principal))
        {
            AddBindings(MemberType.Group, path[^1], path);
        }

        return held.Count == 0 ? None : new([.. held]);

        void AddBindings(MemberType memberType, string memberId, ValueList<string> groupPath)
        {
            foreach (var binding in places.SelectMany(place => realm.FindRoleBindings(memberType, memberId, place)))
            {
                if (realm.FindCompiledRole(binding.RoleId) is { } role)
                {
                    held.Add(new(binding, groupPath, role));
                }
            }
        }
    }

    public PermissionAssignment Evaluate(RealmSnapshot realm, string permission, in DecisionFacts facts)
    {
        if (!_assignments.TryGetValue(permission, out var candidates))
        {
            candidates = Candidates(permission);
            if (candidates.Length > 0)
            {
                _assignments.TryAdd(permission, candidates);
            }
        }

        PermissionAssignment? unmet = null;
        foreach (var candidate in candidates)
        {
            var binding = candidate.Binding!;
            if (BindingConditions.IsExpired(binding, facts))
            {
                continue;
            }

            if (BindingConditions.AreMet(binding, realm.Realm, facts))
            {
                return candidate;
            }

            unmet ??= candidate;
        }

        return unmet is null ? NotAssigned : unmet with { Outcome = AssignmentOutcome.ConditionNotMet };
    }

    /// <summary>Whether it depends on no fact if a permission is held.</summary>
    public bool IsConstant(string permission) => _heldRoles.All(held =>
        !held.Role.PathsByPermission.ContainsKey(permission) || held.Binding is { Conditions: null, ExpiresAt: null });

    /// <summary>The roles whose bindings hold now, each with what it includes.</summary>
    public IEnumerable<CompiledRole> RolesInForce(RealmSnapshot realm, DecisionFacts facts) => _heldRoles
        .Where(held => !BindingConditions.IsExpired(held.Binding, facts) && BindingConditions.AreMet(held.Binding, realm.Realm, facts))
        .Select(held => held.Role);

    /// <summary>Best first: without conditions, by the shortest way, by binding id. A binding whose conditions fail is passed over.</summary>
    private PermissionAssignment[] Candidates(string permission) =>
    [
        .. _heldRoles
            .Where(held => held.Role.PathsByPermission.ContainsKey(permission))
            .Select(held => new PermissionAssignment
            {
                Outcome = AssignmentOutcome.Assigned,
                Binding = held.Binding,
                GroupIds = held.GroupPath,
                RoleIds = held.Role.PathsByPermission[permission],
            })
            .OrderBy(candidate => candidate.Binding!.Conditions is not null)
            .ThenBy(candidate => candidate.GroupIds.Count + candidate.RoleIds.Count)
            .ThenBy(candidate => candidate.Binding!.RoleBindingId, StringComparer.Ordinal),
    ];

    private sealed record HeldRole(RoleBinding Binding, ValueList<string> GroupPath, CompiledRole Role);
}
