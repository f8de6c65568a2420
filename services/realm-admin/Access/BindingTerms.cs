using System.Globalization;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.RealmAdmin.Access;

/// <summary>Under which conditions a role binding holds, so that two can be compared.</summary>
internal static class BindingTerms
{
    /// <summary>Those of a binding that always holds.</summary>
    public const string None = "";

    /// <summary>Whether it can never hold again.</summary>
    public static bool IsOver(RoleBinding binding, DateTimeOffset now) => binding.ExpiresAt <= now || binding.Conditions?.EndsAt <= now;

    public static bool IsConditional(RoleBinding binding) => binding.Conditions is not null || binding.ExpiresAt is not null;

    /// <summary>Equal for bindings that hold at the same times, from the same networks and for the same logins.</summary>
    /// <param name="binding">The binding.</param>
    /// <param name="acrValues">The realm's: what a minimum means is decided by those from it on.</param>
    public static string Of(RoleBinding binding, IReadOnlyList<string> acrValues) => binding switch
    {
        { Conditions: null, ExpiresAt: null } => None,
        { Conditions: var conditions } => string.Join(
            '|',
            Text(conditions?.StartsAt),
            Text(conditions?.EndsAt),
            string.Join(',', (conditions?.SourceNetworks ?? []).Order(StringComparer.Ordinal)),
            conditions?.MinAcr is { } least ? string.Join(',', acrValues.SkipWhile(acr => acr != least).Prepend("acr")) : "",
            Text(binding.ExpiresAt)),
    };

    /// <summary>For people, the end of a sentence; empty for a binding that always holds.</summary>
    public static string Words(RoleBinding binding)
    {
        string?[] terms =
        [
            binding.Conditions?.StartsAt is { } start ? $"from {Text(start)} on" : null,
            binding.Conditions?.EndsAt is { } end ? $"before {Text(end)}" : null,
            binding.Conditions?.SourceNetworks is { Count: > 0 } networks ? $"from {string.Join(" or ", networks)}" : null,
            binding.Conditions?.MinAcr is { } acr ? $"with acr '{acr}' or stronger" : null,
            binding.ExpiresAt is { } expiry ? $"until {Text(expiry)}" : null,
        ];
        var set = terms.OfType<string>().ToList();
        return set.Count == 0 ? "" : $", only {string.Join(", ", set)}";
    }

    private static string Text(DateTimeOffset? time) =>
        time?.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture) ?? "";
}
