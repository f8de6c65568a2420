namespace Pltfrms.Iam.RealmAdmin.Delegation.Gifts;

/// <summary>Permissions that a change lets somebody have who did not have them, or not so freely.</summary>
/// <param name="Permissions">The permissions.</param>
/// <param name="OrganizationId">There and below; null: in the realm.</param>
/// <param name="Terms">When and how.</param>
internal sealed record Gift(IReadOnlyCollection<string> Permissions, string? OrganizationId, BindingTerms Terms)
{
    /// <summary>To everybody, wherever.</summary>
    public static Gift InRealm(params IReadOnlyCollection<string> permissions) => new(permissions, null, BindingTerms.Unconditional);
}
