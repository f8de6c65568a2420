using System.Text.Json.Serialization;
using Pltfrms.Iam.Common.Jose;

namespace Pltfrms.Iam.Common.Realms.Model;

/// <summary>Somebody else whose word about users is taken: an issuer of JWTs (RFC 7523 section 2.1), or another realm of this suite.</summary>
public sealed record AssertionIssuer
{
    public static TimeSpan UsualMaxAssertionLifetime { get; } = TimeSpan.FromMinutes(5);

    public static TimeSpan UsualMaxLifetime { get; } = TimeSpan.FromMinutes(5);

    /// <summary>What assertions may be signed with where the registration does not say. RS256 is not among them.</summary>
    public static ValueList<string> UsualAlgorithms { get; } = [SignatureAlgorithms.Es256, SignatureAlgorithms.Es384, SignatureAlgorithms.Ps256];

    /// <summary>Unique in the realm.</summary>
    public required string Name { get; init; }

    /// <summary>Nothing of it is taken, and no token is active that came of it.</summary>
    public bool Disabled { get; init; }

    /// <summary>The <c>iss</c> of its assertions; null: it is a realm.</summary>
    public string? Issuer { get; init; }

    /// <summary>A realm of this suite; null: it is somebody outside.</summary>
    public string? TrustedRealmId { get; init; }

    /// <summary>Its public keys, a JWK set as JSON; null: by discovery.</summary>
    public string? Jwks { get; init; }

    /// <summary>Empty: <see cref="UsualAlgorithms"/>. Ordered.</summary>
    public ValueList<string> Algorithms { get; init; } = [];

    /// <summary>Who may present its assertions. Ordered.</summary>
    public ValueList<string> ClientIds { get; init; } = [];

    /// <summary>What a token may have at the most. Ordered.</summary>
    public ValueList<string> Scopes { get; init; } = [];

    /// <summary>What a token must be tied to one of, or to one below; empty: to any, or none. Ordered.</summary>
    public ValueList<string> OrganizationIds { get; init; } = [];

    public AssertionSubject Subject { get; init; }

    /// <summary>Null: <c>sub</c>.</summary>
    public string? UserIdClaim { get; init; }

    /// <summary>Whether an unknown subject becomes a user.</summary>
    public bool CreateUsers { get; init; }

    /// <summary>Whether the roles of its rules are given to the subject of the token, and not only its ceiling.</summary>
    public bool AssertsRoles { get; init; }

    public TimeSpan MaxAssertionLifetime { get; init; } = UsualMaxAssertionLifetime;

    public TimeSpan MaxLifetime { get; init; } = UsualMaxLifetime;

    /// <summary>The clients of the trusted realm whose tokens are taken. Ordered.</summary>
    public ValueList<string> SubjectClientIds { get; init; } = [];

    /// <summary>Where there are any, one must hold; what those say that hold adds up.</summary>
    public ValueList<AssertionRule> Rules { get; init; } = [];

    [JsonIgnore]
    public ValueList<string> AcceptedAlgorithms => Algorithms.Count > 0 ? Algorithms : UsualAlgorithms;
}

/// <summary>What some claims of an assertion stand for.</summary>
public sealed record AssertionRule
{
    public required string Name { get; init; }

    /// <summary>All must hold.</summary>
    public ValueList<ClaimCondition> Claims { get; init; } = [];

    /// <summary>Empty: all of the issuer's. Ordered.</summary>
    public ValueList<string> Scopes { get; init; } = [];

    /// <summary>Ordered.</summary>
    public ValueList<string> RoleIds { get; init; } = [];
}

/// <summary>Holds where a claim has one of some values.</summary>
public sealed record ClaimCondition
{
    public required string Claim { get; init; }

    /// <summary>Ordered.</summary>
    public ValueList<string> Values { get; init; } = [];
}

/// <summary>Whose token comes of an assertion.</summary>
public enum AssertionSubject
{
    /// <summary>The user with the issuer and its subject among the external identities.</summary>
    ExternalIdentity,

    /// <summary>The user whose id a claim holds.</summary>
    UserId,

    /// <summary>The client that presents it, for itself.</summary>
    PresentingClient,
}
