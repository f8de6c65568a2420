using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.RealmAdmin.Documents.Sections;

/// <summary><c>groups</c>.</summary>
internal static class GroupSection
{
    public static IEnumerable<Group> Read(Fields fields, string realmId, References references, DocumentErrors errors)
    {
        List<Cycles.Edge> edges = [];
        var groups = fields.Each("groups", group => Group(group, realmId, references, edges));
        Cycles.Report(edges, errors);
        return groups;
    }

    public static Group Group(Fields group, string realmId, References references, List<Cycles.Edge> edges)
    {
        var groupId = group.RequiredText("group_id", Rules.Id);
        references.Declare(ReferenceKind.Group, groupId, group.PathOf("group_id"));
        var parents = group.ReferenceList("parent_group_ids", ReferenceKind.Group, Rules.Id);
        edges.AddRange(parents.Select(item => new Cycles.Edge(groupId ?? "", item.Text, item.Path)));
        return new Group
        {
            RealmId = realmId,
            GroupId = groupId ?? "",
            DisplayName = group.Text("display_name", Rules.DisplayName) ?? "",
            ParentGroupIds = parents.Select(item => item.Text).Order(StringComparer.Ordinal).ToValueList(),
            OwnerOrganizationId = group.Reference("owner_organization_id", ReferenceKind.Organization, Rules.Id),
        };
    }
}
