using Pltfrms.Iam.Common.Jose;

namespace Pltfrms.Iam.Common.Realms.Model;

/// <summary>An application, or a service identity (RFC 6749 section 2).</summary>
public sealed record Client : IRealmResource
{
    public required string RealmId { get; init; }

    public required string ClientId { get; init; }

    public string DisplayName { get; init; } = "";

    public required ClientType ClientType { get; init; }

    /// <summary>A disabled client cannot authenticate, and none of its tokens is active.</summary>
    public bool Disabled { get; init; }

    public ValueList<string> GrantTypes { get; init; } = [];

    /// <summary>Compared exactly (RFC 9700 section 2.1).</summary>
    public ValueList<string> RedirectUris { get; init; } = [];

    /// <summary>What it is registered for.</summary>
    public ValueList<string> Scopes { get; init; } = [];

    public ConsentPolicy ConsentPolicy { get; init; } = ConsentPolicy.Required;

    /// <summary>Null: the realm's.</summary>
    public TimeSpan? AccessTokenLifetime { get; init; }

    /// <summary>What its access tokens are signed with: one of <see cref="SignatureAlgorithms"/>.</summary>
    public string AccessTokenSignedResponseAlg { get; init; } = SignatureAlgorithms.Es256;

    /// <summary>Whether it always proves to have a key, which its access tokens are bound to (RFC 9449 section 5.2).</summary>
    public bool DpopBoundAccessTokens { get; init; }

    /// <summary>The only client that may come to act with its tokens for their subjects (<c>may_act</c>, RFC 8693 section 4.4); null: whom the realm's rules let.</summary>
    public string? MayActClientId { get; init; }

    /// <summary>RFC 7591.</summary>
    public bool DynamicallyRegistered { get; init; }

    /// <summary>Null: the realm.</summary>
    public string? OwnerOrganizationId { get; init; }

    /// <summary>For users: a <c>data:</c> URI of an image; null: none.</summary>
    public string? Logo { get; init; }

    /// <summary>Whether the realm has verified who is behind it.</summary>
    public bool Verified { get; init; }

    /// <summary>Those of <see cref="Scopes"/> without which it does not work.</summary>
    public ValueList<string> RequiredScopes { get; init; } = [];

    /// <summary>Whether it must push its authorization requests (RFC 9126).</summary>
    public bool RequirePushedAuthorizationRequests { get; init; }

    /// <summary>The web origins that may call from a browser, besides those of its redirect URIs.</summary>
    public ValueList<string> WebOrigins { get; init; } = [];

    /// <summary>Whether a user who belongs to several organizations chooses one.</summary>
    public bool AsksForOrganization { get; init; }

    public AccessTokenFormat AccessTokenFormat { get; init; }

    /// <summary>Its public keys, a JWK set as JSON; null: none.</summary>
    public string? Jwks { get; init; }

    /// <summary>Whether its authorization requests must be signed request objects (RFC 9101 section 10.5).</summary>
    public bool RequireSignedRequestObject { get; init; }

    /// <summary>One of <see cref="Model.TokenEndpointAuthMethods"/>; null: any that it has credentials for.</summary>
    public string? TokenEndpointAuthMethod { get; init; }

    /// <summary>Who its certificates are for; null: no authority's certificate is its own.</summary>
    public TlsClientAuth? TlsClientAuth { get; init; }

    /// <summary>Whether it gets tokens only with a certificate, and bound to it (RFC 8705 section 3).</summary>
    public bool TlsClientCertificateBoundAccessTokens { get; init; }

    /// <summary>Where its realm has none.</summary>
    public SecurityProfile SecurityProfile { get; init; }

    /// <summary>Null: nothing.</summary>
    public ClientAbout? About { get; init; }

    /// <summary>How it was registered; null: an administrator made it.</summary>
    public ClientOrigin? Origin { get; init; }

    /// <summary>Ordered by id.</summary>
    public ValueList<ClientSecret> Secrets { get; init; } = [];

    /// <summary>The types of authorization details that it may ask for (RFC 9396 section 10). Ordered.</summary>
    public ValueList<string> AuthorizationDetailsTypes { get; init; } = [];

    ResourceKind IRealmResource.Kind => ResourceKind.Client;

    string IRealmResource.Id => ClientId;
}

public enum ClientType
{
    /// <summary>A web application with a server that keeps a secret.</summary>
    Web,

    /// <summary>A backend service that acts for itself.</summary>
    Service,

    /// <summary>A browser, phone or device application that keeps no secret.</summary>
    Public,

    /// <summary>An external integration that authenticates with its own identity provider.</summary>
    External,
}

public enum AccessTokenFormat
{
    /// <summary>RFC 9068.</summary>
    Jwt,

    /// <summary>Random text that only introspection understands.</summary>
    Opaque,
}

public enum ConsentPolicy
{
    /// <summary>Users decide.</summary>
    Required,

    /// <summary>First-party: nobody is asked.</summary>
    Trusted,
}

/// <summary>A client's secret. Secrets are 256 random bits, so one round of SHA-256 is enough to keep them from who reads the table.</summary>
public sealed record ClientSecret
{
    /// <summary>Unique in the client.</summary>
    public required string SecretId { get; init; }

    /// <summary>Sensitive: SHA-256 of the secret's UTF-8 bytes, lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Without the hash, for a log that prints the record after all.</summary>
    public override string ToString() => $"ClientSecret {SecretId}";
}
