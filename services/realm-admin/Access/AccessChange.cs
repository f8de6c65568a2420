using Pltfrms.Iam.Common.Permissions;

namespace Pltfrms.Iam.RealmAdmin.Access;

/// <summary>A permission that a principal has, or has under which conditions, on one side of changes only.</summary>
/// <param name="Principal">Who.</param>
/// <param name="OrganizationId">The organization that it is for, with those below it; null: the realm.</param>
/// <param name="Permission">What.</param>
/// <param name="Effect">What happens.</param>
/// <param name="Conditional">Whether conditions or an expiry decide at each check: afterwards or, for what is lost, before.</param>
public readonly record struct AccessChange(Principal Principal, string? OrganizationId, string Permission, AccessEffect Effect, bool Conditional)
{
    /// <summary>Whether there are requests that were allowed and then may not be.</summary>
    public bool Lessens => Effect == AccessEffect.Lost || (Effect == AccessEffect.ConditionsChanged && Conditional);
}

public enum AccessEffect
{
    Gained,
    Lost,

    /// <summary>Had before and after, under other conditions.</summary>
    ConditionsChanged,
}
