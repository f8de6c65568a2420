namespace Pltfrms.Iam.Token.Tokens.Revocation;

/// <summary>A revoked token, as it is stored until the token has expired; or a revoked grant or signing key, until its last token has.</summary>
public sealed record RevocationRow
{
    /// <summary>A token's id (<c>jti</c>), a grant's or a key's (<c>kid</c>): all are as good as random, so they are never the same.</summary>
    public required string TokenId { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Rises by one with each revocation of the realm, in the order in which they become visible.</summary>
    public required long Sequence { get; init; }
}

/// <summary>The number of a realm's last revocation.</summary>
public sealed record RevocationHead
{
    public required string RealmId { get; init; }

    public required long Sequence { get; init; }
}
