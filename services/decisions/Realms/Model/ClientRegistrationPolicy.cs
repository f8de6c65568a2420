namespace Pltfrms.Iam.Common.Realms.Model;

/// <summary>Which clients can be registered dynamically.</summary>
public sealed record ClientRegistrationPolicy
{
    /// <summary>Empty: web, service and public.</summary>
    public ValueList<ClientType> ClientTypes { get; init; } = [];

    /// <summary>Empty: authorization_code and refresh_token.</summary>
    public ValueList<string> GrantTypes { get; init; } = [];

    /// <summary>Names and patterns; empty: none.</summary>
    public ValueList<string> Scopes { get; init; } = [];

    /// <summary>Types of authorization details; empty: none.</summary>
    public ValueList<string> AuthorizationDetailsTypes { get; init; } = [];

    /// <summary>Names of hosts, <c>*.</c> before one for all below it; empty: any.</summary>
    public ValueList<string> RedirectHosts { get; init; } = [];

    /// <summary>Empty: all that the server has.</summary>
    public ValueList<string> TokenEndpointAuthMethods { get; init; } = [];

    /// <summary>Ordered by issuer.</summary>
    public ValueList<SoftwareStatementIssuer> SoftwareStatementIssuers { get; init; } = [];

    public bool RequireSoftwareStatement { get; init; }

    /// <summary>Null: for ever.</summary>
    public TimeSpan? ClientSecretLifetime { get; init; }
}

/// <summary>Somebody who signs software statements (RFC 7591 section 2.3).</summary>
/// <param name="Issuer">The <c>iss</c> of its statements.</param>
/// <param name="Jwks">Its public keys, a JWK set as JSON.</param>
public sealed record SoftwareStatementIssuer(string Issuer, string Jwks);
