using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Common.Realms;

/// <summary>A role with everything that it includes.</summary>
internal sealed class CompiledRole
{
    private CompiledRole(Role role, Dictionary<string, ValueList<string>> paths, HashSet<string> roleIds)
    {
        RoleId = role.RoleId;
        PathsByPermission = paths;
        RoleIds = roleIds;
    }

    public string RoleId { get; }

    /// <summary>For each permission the shortest way to it: the ids from this role to the one that has it; of equals the first in ordinal order.</summary>
    public IReadOnlyDictionary<string, ValueList<string>> PathsByPermission { get; }

    /// <summary>This role and all that it includes.</summary>
    public IReadOnlySet<string> RoleIds { get; }

    /// <param name="role">The role.</param>
    /// <param name="roles">All roles by id; an included role that is missing, or that leads back, adds nothing.</param>
    /// <param name="isDeclared">Whether a resource server declares a permission; one that nobody declares cannot be given.</param>
    public static CompiledRole Create(Role role, IReadOnlyDictionary<string, Role> roles, Func<string, bool> isDeclared)
    {
        var paths = new Dictionary<string, ValueList<string>>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal) { role.RoleId };
        var queue = new Queue<(Role Role, ValueList<string> Path)>([(role, [role.RoleId])]);
        while (queue.TryDequeue(out var next))
        {
            foreach (var permission in next.Role.Permissions.Where(isDeclared))
            {
                paths.TryAdd(permission, next.Path);
            }

            foreach (var includedId in next.Role.IncludedRoleIds.Order(StringComparer.Ordinal))
            {
                if (roles.TryGetValue(includedId, out var included) && seen.Add(includedId))
                {
                    queue.Enqueue((included, [.. next.Path, includedId]));
                }
            }
        }

        return new(role, paths, seen);
    }
}
