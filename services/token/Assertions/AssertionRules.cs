using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Token.Upstream;

namespace Pltfrms.Iam.Token.Assertions;

/// <summary>What claims stand for by a registration's rules. All rules that hold add up, so that their order says nothing.</summary>
public static class AssertionRules
{
    private const int MaxValues = 1_000;
    private const int VersionBytes = 8;
    private const string Scope = "scope";

    private static readonly ConditionalWeakTable<AssertionRule, string> Versions = [];

    /// <summary>What an assertion may lead to at the most; null: none of the rules holds.</summary>
    public static AssertionCeiling? CeilingOf(AssertionIssuer issuer, JsonElement claims)
    {
        if (issuer.Rules.Count == 0)
        {
            return new AssertionCeiling([.. issuer.Scopes], [], []);
        }

        var holding = issuer.Rules.Where(rule => rule.Claims.Count > 0 && rule.Claims.All(condition => Holds(condition, claims))).ToList();
        return holding.Count == 0 ? null : new AssertionCeiling(
            [.. issuer.Scopes.Where(scope => holding.Any(rule => rule.Scopes.Count == 0 || rule.Scopes.AsSpan().Contains(scope)))],
            [.. holding.SelectMany(rule => rule.RoleIds).Distinct().Order(StringComparer.Ordinal)],
            [.. holding.Select(VersionOf)]);
    }

    /// <summary>Names a rule as it is: any change of it makes another of it.</summary>
    public static string VersionOf(AssertionRule rule) => Versions.GetValue(rule, static rule =>
        $"{rule.Name}:{Base64Url.EncodeToString(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(rule, StoredJson.Options)).AsSpan(0, VersionBytes))}");

    private static bool Holds(ClaimCondition condition, JsonElement claims) =>
        ValuesOf(claims, condition.Claim).Any(value => condition.Values.AsSpan().Contains(value));

    private static IEnumerable<string> ValuesOf(JsonElement claims, string name)
    {
        if (claims.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return [value.ValueKind == JsonValueKind.True ? "true" : "false"];
        }

        var values = ProviderJson.Texts(claims, name, MaxValues);
        // RFC 6749 section 3.3, RFC 8693 section 4.2: a list with spaces between.
        return name == Scope ? values.SelectMany(scopes => scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries)) : values;
    }
}

/// <summary>What an assertion may lead to at the most.</summary>
/// <param name="Scopes">The scopes.</param>
/// <param name="RoleIds">The roles; empty: no limit.</param>
/// <param name="Rules">The versions of the rules that say so.</param>
public sealed record AssertionCeiling(IReadOnlyList<string> Scopes, IReadOnlyList<string> RoleIds, IReadOnlyList<string> Rules);
