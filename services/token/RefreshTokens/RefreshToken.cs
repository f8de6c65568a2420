using Pltfrms.Iam.Common;
using Pltfrms.Iam.Token.Codes;
using Pltfrms.Iam.Token.UserGrants;

namespace Pltfrms.Iam.Token.RefreshTokens;

/// <summary>A refresh token as it is stored. All that come from one grant, one after the other, are a family.</summary>
public sealed record RefreshToken
{
    public required string RealmId { get; init; }

    public required string TokenHash { get; init; }

    public required string ClientId { get; init; }

    public required string GrantId { get; init; }

    /// <summary>All that was granted, also where access tokens are asked for with less.</summary>
    public required UserAccess Access { get; init; }

    /// <summary>However often it is refreshed: when its grant ends.</summary>
    public required DateTimeOffset FamilyExpiresAt { get; init; }

    public GrantKey Grant => new(RealmId, GrantId, FamilyExpiresAt);

    /// <summary>Unless it is used.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Null: it is the family's latest.</summary>
    public DateTimeOffset? UsedAt { get; init; }

    /// <summary>Of what it was used for.</summary>
    public string? UseHash { get; init; }

    /// <summary>What its use was answered, which only who has the token can read.</summary>
    public byte[]? EncryptedAnswer { get; init; }

    /// <summary>The first of a grant's family.</summary>
    public static (string Value, RefreshToken Token) Make(UserGrant grant, UserAccess access, DateTimeOffset now, TimeSpan idleLifetime)
    {
        var value = OpaqueValue.New();
        return (value, new RefreshToken
        {
            RealmId = grant.RealmId,
            TokenHash = OpaqueValue.Hash(value),
            ClientId = grant.ClientId,
            GrantId = grant.GrantId,
            Access = access,
            FamilyExpiresAt = grant.ExpiresAt,
            ExpiresAt = Earlier(now + idleLifetime, grant.ExpiresAt),
        });
    }

    /// <summary>The next of the family.</summary>
    public (string Value, RefreshToken Token) Next(DateTimeOffset now, TimeSpan idleLifetime)
    {
        var value = OpaqueValue.New();
        return (value, this with { TokenHash = OpaqueValue.Hash(value), ExpiresAt = Earlier(now + idleLifetime, FamilyExpiresAt) });
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
