using System.Text.Json;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.Sessions;

namespace Pltfrms.Iam.Token.Upstream;

/// <summary>What the claims of a verified id token mean in the realm, by the realm's rules.</summary>
public static class ProviderClaims
{
    private const int MaxValues = 1_000;
    private const int MaxAmr = 20;
    private const int MaxLength = 255;

    private static readonly string[] Names = ["name", "preferred_username", "email"];

    public static CompletedLogin LoginOf(JsonElement claims, UpstreamProvider upstream, RealmSnapshot realm, string userId) => new()
    {
        UserId = userId,
        Acr = Text(claims, "acr") is { } acr ? StandsFor(upstream.AcrMappings.AsSpan(), acr) ?? acr : null,
        Amr = [.. Values(claims, "amr").Take(MaxAmr)],
        RoleIds = [.. Roles(claims, upstream).Where(roleId => realm.FindRole(roleId) is not null)],
        AuthenticatedAt = AuthenticatedAt(claims),
    };

    /// <summary>When the user proved who they are; null: the provider does not say.</summary>
    public static DateTimeOffset? AuthenticatedAt(JsonElement claims) => ProviderJson.Time(claims, "auth_time");

    /// <summary>For people; empty: unknown.</summary>
    public static string DisplayName(JsonElement claims) => Names.Select(name => Text(claims, name)).FirstOrDefault(text => text is not null) ?? "";

    private static IEnumerable<string> Roles(JsonElement claims, UpstreamProvider upstream) => upstream.RolesClaim is { } claim
        ? Values(claims, claim)
            .Select(value => StandsFor(upstream.RoleMappings.AsSpan(), value))
            .OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
        : [];

    private static string? StandsFor(ReadOnlySpan<ClaimMapping> mappings, string value)
    {
        foreach (var mapping in mappings)
        {
            if (mapping.Value == value)
            {
                return mapping.StandsFor;
            }
        }

        return null;
    }

    private static string? Text(JsonElement claims, string claim) => Values(claims, claim).ToList() is [var only] ? only : null;

    private static IEnumerable<string> Values(JsonElement claims, string claim) =>
        ProviderJson.Texts(claims, claim, MaxValues).Where(text => text.Length is > 0 and <= MaxLength && !text.Any(char.IsControl));
}
