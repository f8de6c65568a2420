using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.RealmAdmin.Documents.Sections;

/// <summary><c>scopes</c>: those that bundle permissions.</summary>
internal static class ScopeSection
{
    private const string Reserved = "iam.";

    public static IEnumerable<Scope> Read(Fields fields, string realmId, References references) =>
        fields.Each("scopes", scope => Scope(scope, realmId, references));

    public static Scope Scope(Fields scope, string realmId, References references)
    {
        var name = scope.RequiredText("scope", Rules.ScopeName);
        RefuseReserved(scope, "scope", name);
        references.Declare(ReferenceKind.Scope, name, scope.PathOf("scope"));
        return new Scope
        {
            RealmId = realmId,
            Name = name ?? "",
            Permissions = scope.ReferenceSet("permissions", ReferenceKind.Permission, Rules.PermissionName),
            Texts = TextSection.Read(scope),
        };
    }

    /// <summary>Names of this suite's own permissions; those that exist are reported as built in already.</summary>
    public static void RefuseReserved(Fields fields, string key, string? name)
    {
        if (name is not null && name.StartsWith(Reserved, StringComparison.OrdinalIgnoreCase)
            && !IamPermissions.AssignableIn(platform: true).Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            fields.Error(key, "is reserved: names that begin with iam. are the suite's own");
        }
    }
}
