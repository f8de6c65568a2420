using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.RealmAdmin.Delegation;

/// <summary>On what terms somebody holds something: from when, until when, from where and how strongly logged in.</summary>
public sealed record BindingTerms
{
    /// <summary>For ever and under all circumstances.</summary>
    public static BindingTerms Unconditional { get; } = new();

    public DateTimeOffset From { get; init; } = DateTimeOffset.MinValue;

    public DateTimeOffset Until { get; init; } = DateTimeOffset.MaxValue;

    /// <summary>Empty: from anywhere.</summary>
    public ValueList<string> SourceNetworks { get; init; } = [];

    /// <summary>Null: any.</summary>
    public string? MinAcr { get; init; }

    public static BindingTerms Of(RoleBindingConditions? conditions, DateTimeOffset? expiresAt)
    {
        var until = conditions?.EndsAt ?? DateTimeOffset.MaxValue;
        return new()
        {
            From = conditions?.StartsAt ?? DateTimeOffset.MinValue,
            Until = expiresAt < until ? expiresAt.Value : until,
            SourceNetworks = conditions?.SourceNetworks ?? [],
            MinAcr = conditions?.MinAcr,
        };
    }

    public static BindingTerms Of(RoleBinding binding) => Of(binding.Conditions, binding.ExpiresAt);

    /// <summary>Whether these hold whenever the others do.</summary>
    /// <param name="other">The narrower ones, perhaps.</param>
    /// <param name="acrValues">The realm's, weakest first.</param>
    public bool Cover(BindingTerms other, ValueList<string> acrValues) =>
        From <= other.From && Until >= other.Until
        && Common.Permissions.SourceNetworks.ContainAll(SourceNetworks, other.SourceNetworks)
        && (MinAcr is null || (other.MinAcr is { } acr && Position(acrValues, MinAcr) is >= 0 and var least && Position(acrValues, acr) >= least));

    private static int Position(ValueList<string> acrValues, string acr) => acrValues.AsSpan().IndexOf(acr);
}
