using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.AuthorizationDetails;
using Pltfrms.Iam.Common.Permissions;

namespace Pltfrms.Iam.Token.Grants;

/// <summary>What a token will stand for.</summary>
public sealed record GrantedAccess
{
    public required Principal Subject { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>Empty where no granted scope belongs to a resource server.</summary>
    public required IReadOnlyList<string> Audiences { get; init; }

    /// <summary>RFC 9396.</summary>
    public ValueList<AuthorizationDetail> AuthorizationDetails { get; init; } = [];

    public string? OrganizationId { get; init; }

    public string? Acr { get; init; }

    /// <summary>RFC 8176.</summary>
    public IReadOnlyList<string> Amr { get; init; } = [];

    /// <summary>Null: no login took part.</summary>
    public DateTimeOffset? AuthenticatedAt { get; init; }

    /// <summary>Null where the client acts for itself.</summary>
    public string? GrantId { get; init; }

    /// <summary>The delegation that lets the first actor act; null: none.</summary>
    public string? DelegationId { get; init; }

    /// <summary>Who acts for the subject, the current actor first.</summary>
    public IReadOnlyList<Principal> Actors { get; init; } = [];

    /// <summary>The tokens that were exchanged for it, the nearest first.</summary>
    public IReadOnlyList<string> ParentIds { get; init; } = [];

    /// <summary>What the token will be bound to; null: nothing.</summary>
    public Confirmation? Confirmation { get; init; }

    /// <summary>Whose word it comes of; null: of no assertion.</summary>
    public AssertionSource? Assertion { get; init; }

    /// <summary>Null: as long as the client's tokens usually do.</summary>
    public TimeSpan? MaxLifetime { get; init; }

    /// <summary>Null: nothing that the token comes from ends before.</summary>
    public DateTimeOffset? ExpiresNoLaterThan { get; init; }
}
