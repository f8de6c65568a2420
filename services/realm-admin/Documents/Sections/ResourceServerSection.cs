using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.RealmAdmin.Documents.Sections;

/// <summary><c>resource_servers</c>.</summary>
internal static class ResourceServerSection
{
    private const int MostPermissions = 1_000;

    public static IEnumerable<ResourceServer> Read(Fields fields, string realmId, References references) =>
        fields.Each("resource_servers", server => Server(server, realmId, references));

    public static ResourceServer Server(Fields server, string realmId, References references)
    {
        var audience = server.RequiredText("audience", Rules.Audience);
        if (string.Equals(audience, IamPermissions.Audience, StringComparison.OrdinalIgnoreCase))
        {
            server.Error("audience", $"is reserved: {IamPermissions.Audience} is built in");
        }

        references.Declare(ReferenceKind.ResourceServer, audience, server.PathOf("audience"));
        var permissions = server.Each("permissions", permission => Permission(permission, references), MostPermissions);
        return new ResourceServer
        {
            RealmId = realmId,
            Audience = audience ?? "",
            DisplayName = server.Text("display_name", Rules.DisplayName) ?? "",
            ClientId = server.Reference("client_id", ReferenceKind.Client, Rules.Id),
            Permissions = permissions.OrderBy(permission => permission.Name, StringComparer.Ordinal).ToValueList(),
        };
    }

    private static Permission Permission(Fields fields, References references)
    {
        var name = fields.RequiredText("permission", Rules.PermissionName);
        ScopeSection.RefuseReserved(fields, "permission", name);
        references.DeclarePermission(name, fields.PathOf("permission"));
        return new Permission { Name = name ?? "", Texts = TextSection.Read(fields) };
    }
}
