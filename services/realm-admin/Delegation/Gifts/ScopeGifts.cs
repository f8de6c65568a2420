using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.RealmAdmin.Delegation.Gifts;

/// <summary>What a scope comes to cover, every client reaches that is registered for it, and every token that has it.</summary>
internal static class ScopeGifts
{
    public static IReadOnlyList<Gift> Of(Scope? before, Scope after) => [Gift.InRealm([.. after.Permissions.Except(before?.Permissions ?? [])])];
}
