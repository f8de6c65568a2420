using Pltfrms.Iam.Common;

namespace Pltfrms.Iam.Token.Codes;

/// <summary>What a user granted to a client, and how the user had logged in: what codes and refresh tokens stand for.</summary>
public sealed record UserAccess
{
    public required string UserId { get; init; }

    public required ValueList<string> Scopes { get; init; }

    /// <summary>Null: none.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>The audiences that were asked for; empty: all that the scopes belong to.</summary>
    public ValueList<string> Resources { get; init; } = [];

    public string? Acr { get; init; }

    public ValueList<string> Amr { get; init; } = [];

    public required DateTimeOffset AuthenticatedAt { get; init; }
}
