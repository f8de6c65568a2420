using Pltfrms.Iam.Common;

namespace Pltfrms.Iam.Token.Sessions;

/// <summary>What whoever authenticates users says about one.</summary>
public sealed record CompletedLogin
{
    /// <summary>Exists in the realm and is enabled.</summary>
    public required string UserId { get; init; }

    /// <summary>Null: unknown.</summary>
    public string? Acr { get; init; }

    /// <summary>RFC 8176.</summary>
    public ValueList<string> Amr { get; init; } = [];

    public ValueList<string> RoleIds { get; init; } = [];

    /// <summary>Null: now.</summary>
    public DateTimeOffset? AuthenticatedAt { get; init; }
}
