using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.RealmAdmin.Registration;

/// <summary>What administrators hand out so that somebody can register clients (RFC 7591 section 1.2); its value is kept hashed, beside it.</summary>
public sealed record InitialAccessToken
{
    /// <summary>The kind in the events; it is no resource of the realm, and no watcher of the realm is told.</summary>
    public const string ResourceKind = "initial_access_token";

    public required string TokenId { get; init; }

    public string DisplayName { get; init; } = "";

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Null: any number.</summary>
    public int? MaxUses { get; init; }

    public int Uses { get; init; }

    /// <summary>Null: the realm's.</summary>
    public ClientRegistrationPolicy? Policy { get; init; }
}
