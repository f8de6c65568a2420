using System.Net;
using Pltfrms.Iam.Common.Permissions;

namespace Pltfrms.Iam.Common.Authentication;

/// <summary>Who calls an internal method.</summary>
public sealed record Caller
{
    public required CallerKind Kind { get; init; }

    /// <summary>The operator's name, the service's name, or the token's subject.</summary>
    public required string Id { get; init; }

    /// <summary>The realm of the token; null for operators and services, who span realms.</summary>
    public string? RealmId { get; init; }

    /// <summary>The token's client; null for operators and services.</summary>
    public string? ClientId { get; init; }

    /// <summary>The token's id (<c>jti</c>); null for operators and services.</summary>
    public string? TokenId { get; init; }

    /// <summary>The subjects of the token's <c>act</c> claim, the current actor first (RFC 8693 section 4.1).</summary>
    public ValueList<string> ActChain { get; init; } = [];

    /// <summary>Who acts for the token's subject, where the caller was identified, the current actor first.</summary>
    public ValueList<Principal> Actors { get; init; } = [];

    /// <summary>The delegation that an identified token comes from; null: none.</summary>
    public string? DelegationId { get; init; }

    /// <summary>Whom the token speaks for, where the caller was identified (<see cref="CallerGate.IdentifyAsync"/>); else null.</summary>
    public Principal? Principal { get; init; }

    /// <summary>The scopes of an identified token; of a service, what it is configured to do.</summary>
    public ValueList<string> Scopes { get; init; } = [];

    /// <summary>The organization that an identified token is tied to; null: none.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>Where the call came from, IPv4 as IPv4; null: unknown.</summary>
    public IPAddress? SourceAddress { get; init; }

    /// <summary>The authentication context class of an identified token's login; null: no login.</summary>
    public string? Acr { get; init; }
}

public enum CallerKind
{
    /// <summary>Presents the operator key: bootstrap and emergencies.</summary>
    Operator,

    /// <summary>Presents an assertion signed with a service key.</summary>
    Service,

    /// <summary>Presents an access token of a realm.</summary>
    Token,
}
