namespace Pltfrms.Iam.Token.Audit;

/// <summary>An event as it is stored.</summary>
public sealed record TokenEventRow
{
    public required string RealmId { get; init; }

    /// <summary>Of a token's issue it is the token's id; else one of its own of the same form.</summary>
    public required string EventId { get; init; }

    /// <summary>Its place among the realm's events, in the order in which they became visible. The database gives it.</summary>
    public long Sequence { get; init; }

    public required DateTimeOffset HappenedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public required string Kind { get; init; }

    public required string ClientId { get; init; }

    /// <summary>Empty: no user is concerned.</summary>
    public required string UserId { get; init; }

    /// <summary>Empty: it is about no single token.</summary>
    public required string TokenId { get; init; }

    /// <summary>The grant that all tokens of the family come from, or else the first of them; empty: the token itself is the first.</summary>
    public required string FamilyId { get; init; }

    /// <summary><see cref="TokenEventDetails"/>.</summary>
    public required string Details { get; init; }

    /// <summary>Which replica's chain it is in, since which start.</summary>
    public string ChainId { get; init; } = "";

    /// <summary>Its place in that chain, from 1.</summary>
    public long ChainNumber { get; init; }

    public string Hash { get; init; } = "";
}
