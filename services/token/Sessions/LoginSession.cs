using Pltfrms.Iam.Common;

namespace Pltfrms.Iam.Token.Sessions;

/// <summary>A user who is logged in to a realm in one browser.</summary>
public sealed record LoginSession
{
    public required string RealmId { get; init; }

    /// <summary>Of the cookie.</summary>
    public required string SessionHash { get; init; }

    public required string UserId { get; init; }

    /// <summary>Empty: unknown.</summary>
    public string Acr { get; init; } = "";

    /// <summary>RFC 8176.</summary>
    public ValueList<string> Amr { get; init; } = [];

    /// <summary>What the login asserted.</summary>
    public ValueList<string> RoleIds { get; init; } = [];

    /// <summary>When the user proved who they are; not after <see cref="CreatedAt"/>.</summary>
    public required DateTimeOffset AuthenticatedAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset LastUsedAt { get; init; }

    /// <summary>However often it is used.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}
