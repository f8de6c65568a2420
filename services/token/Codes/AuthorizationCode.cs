namespace Pltfrms.Iam.Token.Codes;

/// <summary>An authorization code as it is stored.</summary>
public sealed record AuthorizationCode
{
    public required string RealmId { get; init; }

    public required string CodeHash { get; init; }

    public required string ClientId { get; init; }

    /// <summary>The grant that its redemption will make.</summary>
    public required string GrantId { get; init; }

    public required string RedirectUri { get; init; }

    /// <summary>S256.</summary>
    public required string CodeChallenge { get; init; }

    public required UserAccess Access { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? ConsumedAt { get; init; }
}
