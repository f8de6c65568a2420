namespace Pltfrms.Iam.Token.Replay;

/// <summary>That a JWT which counts once was used.</summary>
public sealed record UsedJwt
{
    public required string RealmId { get; init; }

    /// <summary>Of its id, and of whose it is: ids of different senders have nothing to do with one another.</summary>
    public required string IdHash { get; init; }

    /// <summary>When nobody would believe the JWT anyway. It comes from the JWT alone, so that every replica says the same of it.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}
