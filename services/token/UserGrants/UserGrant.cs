using Pltfrms.Iam.Common;

namespace Pltfrms.Iam.Token.UserGrants;

/// <summary>What one user delegated to one client. Every token that comes from it carries its id and ends with it.</summary>
public sealed record UserGrant
{
    public required string RealmId { get; init; }

    public required string GrantId { get; init; }

    public required string UserId { get; init; }

    public required string ClientId { get; init; }

    /// <summary>Empty: none.</summary>
    public string OrganizationId { get; init; } = "";

    public required ValueList<string> Scopes { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the user authorized it: its id is made then (a UUID of version 7), its row when the code is redeemed.</summary>
    public DateTimeOffset GivenAt => Guid.TryParse(GrantId, out var id) && id.Version == 7
        ? DateTimeOffset.FromUnixTimeMilliseconds(Convert.ToInt64(GrantId.Replace("-", "", StringComparison.Ordinal)[..12], 16))
        : CreatedAt;

    /// <summary>When the last token was issued.</summary>
    public required DateTimeOffset LastUsedAt { get; init; }

    /// <summary>When the last access token expires.</summary>
    public required DateTimeOffset TokensExpireAt { get; init; }

    /// <summary>When it ends by itself; not before its tokens do.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}
