using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.AuthorizationDetails;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Token.Exchange;

/// <summary>What a token exchange is decided on.</summary>
public sealed record ExchangeRequest
{
    public required RealmSnapshot Realm { get; init; }

    /// <summary>Who exchanges, authenticated and registered for the grant.</summary>
    public required Client Client { get; init; }

    /// <summary>Active; where a delegation is exchanged, what it lets others do.</summary>
    public required AccessToken Subject { get; init; }

    /// <summary>To whoever acts, and not over; null: a token is exchanged.</summary>
    public DelegationRecord? Delegation { get; init; }

    /// <summary>Active, and issued to <see cref="Client"/>; null: the client itself acts.</summary>
    public AccessToken? Actor { get; init; }

    /// <summary>As asked for; empty: all that the subject token has.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>RFC 9396: as asked for; empty: all of the subject token's.</summary>
    public ValueList<AuthorizationDetail> AuthorizationDetails { get; init; } = [];

    /// <summary>Null: all that the scopes belong to.</summary>
    public string? Audience { get; init; }

    /// <summary>What the new token will be tied to; null: nothing.</summary>
    public string? OrganizationId { get; init; }

    public required DecisionFacts Facts { get; init; }

    /// <summary>Who is to act.</summary>
    public Principal ActingPrincipal => Actor?.Subject ?? Principal.Client(Client.ClientId);

    /// <summary>Whether a client exchanges its own token, for less or for another resource: nobody new acts.</summary>
    public bool IsOwn => Actor is null && Delegation is null && Subject.ClientId == Client.ClientId;
}
