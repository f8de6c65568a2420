using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.RealmAdmin.Delegation.Gifts;

/// <summary>What a role comes to have, everybody has who has the role: wherever they are bound to it, or a login says that they are in it.</summary>
internal static class RoleGifts
{
    public static async Task<IReadOnlyList<Gift>> OfAsync(RealmView view, Role? before, Role after, CancellationToken cancellationToken)
    {
        var given = await view.PermissionsOfRoleAsync(after, cancellationToken);
        var had = before is null ? new HashSet<string>() : await view.PermissionsOfRoleAsync(before, cancellationToken);
        return [Gift.InRealm([.. given.Except(had)])];
    }
}
