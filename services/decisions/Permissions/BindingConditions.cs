using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Common.Permissions;

/// <summary>Whether a role binding holds now. What cannot be judged is not met.</summary>
public static class BindingConditions
{
    public static bool IsExpired(RoleBinding binding, in DecisionFacts facts) => binding.ExpiresAt <= facts.Now;

    public static bool AreMet(RoleBinding binding, Realm realm, in DecisionFacts facts) =>
        binding.Conditions is not { } conditions
        || (InTime(conditions, facts.Now)
            && (conditions.SourceNetworks.Count == 0 || SourceNetworks.Contain(conditions.SourceNetworks, facts.SourceAddress))
            && (conditions.MinAcr is null || IsAtLeast(realm.AcrValues, facts.Acr, conditions.MinAcr)));

    private static bool InTime(RoleBindingConditions conditions, DateTimeOffset now) =>
        (conditions.StartsAt is not { } start || now >= start) && (conditions.EndsAt is not { } end || now < end);

    private static bool IsAtLeast(ValueList<string> acrValues, string? acr, string minAcr)
    {
        var least = Position(acrValues, minAcr);
        return least >= 0 && acr is not null && Position(acrValues, acr) >= least;
    }

    private static int Position(ValueList<string> acrValues, string acr) => acrValues.AsSpan().IndexOf(acr);
}
