using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.RealmAdmin.Documents.Sections;

/// <summary><c>organizations</c>.</summary>
internal static class OrganizationSection
{
    public static IEnumerable<Organization> Read(Fields fields, string realmId, References references, DocumentErrors errors)
    {
        List<Cycles.Edge> edges = [];
        var organizations = fields.Each("organizations", organization => Organization(organization, realmId, references, edges));
        Cycles.Report(edges, errors);
        return organizations;
    }

    public static Organization Organization(Fields organization, string realmId, References references, List<Cycles.Edge> edges)
    {
        var organizationId = organization.RequiredText("organization_id", Rules.Id);
        references.Declare(ReferenceKind.Organization, organizationId, organization.PathOf("organization_id"));
        var parent = organization.Reference("parent_organization_id", ReferenceKind.Organization, Rules.Id);
        if (organizationId is not null && parent is not null)
        {
            edges.Add(new Cycles.Edge(organizationId, parent, organization.PathOf("parent_organization_id")));
        }

        return new Organization
        {
            RealmId = realmId,
            OrganizationId = organizationId ?? "",
            DisplayName = organization.Text("display_name", Rules.DisplayName) ?? "",
            ParentOrganizationId = parent,
            Disabled = organization.Flag("disabled"),
        };
    }
}
