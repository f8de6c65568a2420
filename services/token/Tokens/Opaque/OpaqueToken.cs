namespace Pltfrms.Iam.Token.Tokens.Opaque;

/// <summary>An access token that says nothing itself, as it is stored.</summary>
public sealed record OpaqueToken
{
    public required string RealmId { get; init; }

    public required string TokenHash { get; init; }

    /// <summary>What it stands for, as the payload of a JWT would have it.</summary>
    public required string Claims { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
}
