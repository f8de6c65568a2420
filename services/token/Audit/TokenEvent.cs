using System.Net;
using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Token.Audit;

/// <summary>Something that happened to a token, as the request that did it leaves it: what is known already, and no text made of it yet.</summary>
public sealed record TokenEvent
{
    private string? _eventId;

    /// <summary>Of a token's issue it is the token's id; else one of its own of the same form, made when it is first asked for.</summary>
    public string EventId => _eventId ??=
        Kind == TokenEventKind.Issued && (Token?.TokenId ?? TokenId) is { Length: > 0 } issued ? issued : TimeOrderedId.New(HappenedAt);

    /// <summary>As it was then.</summary>
    public required Realm Realm { get; init; }

    public required TokenEventKind Kind { get; init; }

    public required DateTimeOffset HappenedAt { get; init; }

    /// <summary>Who asked for the token or had it.</summary>
    public required string ClientId { get; init; }

    /// <summary>The token that was issued or revoked, or that a refused exchange presented; null: none is known.</summary>
    public AccessToken? Token { get; init; }

    /// <summary>Where there is no <see cref="Token"/>.</summary>
    public string? TokenId { get; init; }

    /// <summary>Where there is no <see cref="Token"/>.</summary>
    public string? GrantId { get; init; }

    /// <summary>Where there is no <see cref="Token"/>.</summary>
    public string? UserId { get; init; }

    /// <summary>Where there is no <see cref="Token"/>.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>Where there is no <see cref="Token"/>.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>Null: none was asked for, or one that the service does not know.</summary>
    public string? GrantType { get; init; }

    /// <summary>The token exchange rule; null: none.</summary>
    public string? Rule { get; init; }

    /// <summary>Of the realm when it was decided; 0: nothing of the realm decided it.</summary>
    public long Revision { get; init; }

    /// <summary>Why it was refused; null: it was not.</summary>
    public string? Reason { get; init; }

    /// <summary>Who revoked; null: nothing was revoked.</summary>
    public Revoker? By { get; init; }

    public IPAddress? SourceAddress { get; init; }

    /// <summary>The trace id that the caller sent (W3C Trace Context); null: none.</summary>
    public string? CorrelationId { get; init; }
}
