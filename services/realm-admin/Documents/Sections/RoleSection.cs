using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.RealmAdmin.Documents.Sections;

/// <summary><c>roles</c>.</summary>
internal static class RoleSection
{
    public static IEnumerable<Role> Read(Fields fields, string realmId, References references, DocumentErrors errors)
    {
        List<Cycles.Edge> edges = [];
        var roles = fields.Each("roles", role => Role(role, realmId, references, edges));
        Cycles.Report(edges, errors);
        return roles;
    }

    public static Role Role(Fields role, string realmId, References references, List<Cycles.Edge> edges)
    {
        var roleId = role.RequiredText("role_id", Rules.Id);
        references.Declare(ReferenceKind.Role, roleId, role.PathOf("role_id"));
        var included = role.ReferenceList("included_role_ids", ReferenceKind.Role, Rules.Id);
        edges.AddRange(included.Select(item => new Cycles.Edge(roleId ?? "", item.Text, item.Path)));
        return new Role
        {
            RealmId = realmId,
            RoleId = roleId ?? "",
            DisplayName = role.Text("display_name", Rules.DisplayName) ?? "",
            Audience = role.Reference("audience", ReferenceKind.ResourceServer, Rules.Audience),
            Permissions = role.ReferenceSet("permissions", ReferenceKind.Permission, Rules.PermissionName),
            IncludedRoleIds = included.Select(item => item.Text).Order(StringComparer.Ordinal).ToValueList(),
        };
    }
}
