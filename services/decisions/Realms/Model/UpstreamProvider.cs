using System.Text.Json.Serialization;

namespace Pltfrms.Iam.Common.Realms.Model;

/// <summary>An OpenID provider that authenticates a realm's users.</summary>
public sealed record UpstreamProvider
{
    public required string Issuer { get; init; }

    /// <summary>The realm's, at the provider.</summary>
    public required string ClientId { get; init; }

    /// <summary>Sensitive: a secret on its way in, not sealed yet; null: as stored. Never stored, never sent.</summary>
    [JsonIgnore]
    public string? ClientSecret { get; init; }

    /// <summary>The client secret as <c>SecretSealing</c> leaves it, in base64url; null: the realm is a public client there.</summary>
    public string? SealedClientSecret { get; init; }

    /// <summary>Besides <c>openid</c>. Ordered.</summary>
    public ValueList<string> Scopes { get; init; } = [];

    /// <summary>Whether an unknown subject becomes a user at first login.</summary>
    public bool CreateUsers { get; init; }

    /// <summary>The id token's claim that holds role names; null: none.</summary>
    public string? RolesClaim { get; init; }

    /// <summary>From values of that claim to roles of the realm; other values count as none. Ordered by value.</summary>
    public ValueList<ClaimMapping> RoleMappings { get; init; } = [];

    /// <summary>From the provider's <c>acr</c> values to the realm's; others are taken as they are. Ordered by value.</summary>
    public ValueList<ClaimMapping> AcrMappings { get; init; } = [];

    /// <summary>Without the secret, for a log that prints the record after all.</summary>
    public override string ToString() => $"UpstreamProvider {Issuer}";
}

/// <summary>What one value of a claim stands for in the realm.</summary>
public sealed record ClaimMapping
{
    public required string Value { get; init; }

    public required string StandsFor { get; init; }
}
