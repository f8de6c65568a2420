using System.Security.Cryptography;
using System.Text;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Storage;

namespace Pltfrms.Iam.RealmAdmin.RoleBindings;

/// <summary>The id of a role binding that was given none: the same binding always gets the same one.</summary>
public static class RoleBindingId
{
    private const int HashLength = 16;

    public static string Derive(MemberType memberType, string memberId, string roleId, string? organizationId)
    {
        // No id has a line break, so that no two bindings make the same text.
        var binding = $"{StoredNames.Of(memberType)}\n{memberId}\n{roleId}\n{organizationId}";
        return $"rb-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(binding)).AsSpan(0, HashLength))}";
    }
}
