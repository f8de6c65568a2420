using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.AuthorizationDetails;

namespace Pltfrms.Iam.Token.Codes;

/// <summary>What a user granted to a client, and how the user had logged in: what codes and refresh tokens stand for.</summary>
public sealed record UserAccess
{
    public required string UserId { get; init; }

    public required ValueList<string> Scopes { get; init; }

    /// <summary>RFC 9396.</summary>
    public ValueList<AuthorizationDetail> AuthorizationDetails { get; init; } = [];

    /// <summary>Null: none.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>The audiences that were asked for; empty: all that the scopes belong to.</summary>
    public ValueList<string> Resources { get; init; } = [];

    public string? Acr { get; init; }

    public ValueList<string> Amr { get; init; } = [];

    public required DateTimeOffset AuthenticatedAt { get; init; }

    /// <summary>What whoever redeems the code or refresh token must prove to have (RFC 9449 sections 5 and 10); null: nothing.</summary>
    public Confirmation? Confirmation { get; init; }
}
