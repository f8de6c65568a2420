namespace Pltfrms.Iam.Common.Realms.Model;

/// <summary>How a client came to be registered dynamically.</summary>
public sealed record ClientOrigin
{
    public required DateTimeOffset RegisteredAt { get; init; }

    /// <summary>Null: none was needed.</summary>
    public string? InitialAccessTokenId { get; init; }

    /// <summary>Null: it has no software statement.</summary>
    public string? SoftwareStatementIssuer { get; init; }

    /// <summary>Null: unknown.</summary>
    public string? SourceAddress { get; init; }
}
