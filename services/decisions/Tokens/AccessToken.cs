using Pltfrms.Iam.Common.AuthorizationDetails;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Common.Tokens;

/// <summary>What an access token says (RFC 9068 section 2.2).</summary>
public sealed record AccessToken
{
    /// <summary><c>jti</c>.</summary>
    public required string TokenId { get; init; }

    public required string RealmId { get; init; }

    /// <summary><c>iss</c>.</summary>
    public required string Issuer { get; init; }

    /// <summary><c>sub</c> and <c>sub_type</c>: the user or, where the client acts for itself, the client.</summary>
    public required Principal Subject { get; init; }

    public required string ClientId { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary><c>aud</c>.</summary>
    public required IReadOnlyList<string> Audiences { get; init; }

    /// <summary>RFC 9396 section 9.</summary>
    public IReadOnlyList<AuthorizationDetail> AuthorizationDetails { get; init; } = [];

    /// <summary>The organization that the token is tied to; null: none.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>Null: no login took part.</summary>
    public string? Acr { get; init; }

    /// <summary>RFC 8176; empty: no login took part, or it did not say.</summary>
    public IReadOnlyList<string> Amr { get; init; } = [];

    /// <summary><c>auth_time</c>, whole seconds; null: no login took part.</summary>
    public DateTimeOffset? AuthenticatedAt { get; init; }

    /// <summary>What the user delegated, with which the token stands and falls; null where the client acts for itself.</summary>
    public string? GrantId { get; init; }

    /// <summary>The delegation that lets the first actor act, with which the token stands and falls; null: none.</summary>
    public string? DelegationId { get; init; }

    /// <summary><c>may_act</c>: the only one who may come to act for the subject with this token (RFC 8693 section 4.4); null: whom the realm's rules let.</summary>
    public Principal? MayAct { get; init; }

    /// <summary>Who acts for the subject, the current actor first (RFC 8693 section 4.1); empty: the token was not exchanged.</summary>
    public IReadOnlyList<Principal> Actors { get; init; } = [];

    /// <summary>Whose word it comes of, with which it stands and falls; null: of no assertion.</summary>
    public AssertionSource? Assertion { get; init; }

    /// <summary>The ids of the tokens that it was exchanged from and of the keys that signed them, the nearest first: it stands and falls with them.</summary>
    public IReadOnlyList<string> ParentIds { get; init; } = [];

    /// <summary><c>cnf</c>: what whoever presents the token must prove to have; null: nothing, the token is enough.</summary>
    public Confirmation? Confirmation { get; init; }

    /// <summary>The <c>kid</c> of the key whose signature was found good, with which the token stands and falls; null where none was looked at.</summary>
    public string? KeyId { get; init; }

    /// <summary>Whole seconds.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>Whole seconds.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Null where the client acts for itself.</summary>
    public string? UserId => Subject.Type == MemberType.User ? Subject.Id : null;

    /// <summary>RFC 7519 section 4.1.4: "on or after which the JWT MUST NOT be accepted".</summary>
    public bool IsExpiredAt(DateTimeOffset now) => now >= ExpiresAt;
}
