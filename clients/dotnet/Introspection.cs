namespace Pltfrms.Iam.Client;

/// <summary>What a token stands for (RFC 7662 section 2.2); all but <see cref="Active"/> and <see cref="Revision"/> are empty where it is not active.</summary>
public sealed record Introspection
{
    /// <summary>Whether the token is active now.</summary>
    public required bool Active { get; init; }

    /// <summary>The granted scopes.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>The client that the token was issued to.</summary>
    public string? ClientId { get; init; }

    /// <summary>The user that the token acts for; null where the client acts for itself.</summary>
    public string? UserId { get; init; }

    /// <summary>The subject (<c>sub</c>): the user id or, where the client acts for itself, the client id.</summary>
    public string? Subject { get; init; }

    /// <summary>Whether the subject is a user or a client.</summary>
    public PrincipalType SubjectType { get; init; }

    /// <summary>The organization that the token is tied to; null: none.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>The resource servers that the token is for (<c>aud</c>).</summary>
    public IReadOnlyList<string> Audiences { get; init; } = [];

    /// <summary>The realm's issuer (<c>iss</c>).</summary>
    public string? Issuer { get; init; }

    /// <summary>The token's id (<c>jti</c>).</summary>
    public string? TokenId { get; init; }

    /// <summary>When the token was issued (<c>iat</c>).</summary>
    public DateTimeOffset? IssuedAt { get; init; }

    /// <summary>When the token expires (<c>exp</c>).</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The authentication context class of the login (<c>acr</c>); null: no login took part.</summary>
    public string? Acr { get; init; }

    /// <summary>When the user authenticated (<c>auth_time</c>); null: no login took part.</summary>
    public DateTimeOffset? AuthenticatedAt { get; init; }

    /// <summary>The grant that the token belongs to; null where the client acts for itself.</summary>
    public string? GrantId { get; init; }

    /// <summary>Who acts for the subject (<c>act</c>), the current actor first.</summary>
    public IReadOnlyList<TokenActor> Actors { get; init; } = [];

    /// <summary>
    /// What whoever presents the token must prove to have (<c>cnf</c>); null: nothing, the token is enough. The ASP.NET Core
    /// integration verifies it; who calls this library alone compares it.
    /// </summary>
    public TokenConfirmation? Confirmation { get; init; }

    /// <summary>When the answer was asked for: in the cached mode that may be <see cref="IamClientOptions.CacheFor"/> ago.</summary>
    public DateTimeOffset AnsweredAt { get; init; }

    /// <summary>The realm revision that the answer reflects.</summary>
    public required long Revision { get; init; }
}

/// <summary>What kind of principal a token speaks for.</summary>
public enum PrincipalType
{
    /// <summary>Not known.</summary>
    Unknown = 0,

    /// <summary>A client acting for itself.</summary>
    Client = 1,

    /// <summary>A user.</summary>
    User = 2,
}
