using System.Text.Json.Serialization;

namespace Pltfrms.Iam.Common.Realms.Model;

/// <summary>The highest isolation boundary: one issuer with its own keys, clients and users.</summary>
public sealed record Realm : IRealmResource
{
    public required string RealmId { get; init; }

    public string DisplayName { get; init; } = "";

    /// <summary>To the outside a disabled realm does not exist.</summary>
    public bool Disabled { get; init; }

    /// <summary>Its own host name, lower case, with a port where it is not the scheme's; null: it has none. Unique among all realms.</summary>
    public string? HostName { get; init; }

    /// <summary>For clients that have no lifetime of their own.</summary>
    public TimeSpan AccessTokenLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a key signs access tokens before the next one takes over.</summary>
    public TimeSpan SigningKeyRotationInterval { get; init; } = TimeSpan.FromDays(90);

    /// <summary>Weakest first; a minimum in a condition is compared by position.</summary>
    public ValueList<string> AcrValues { get; init; } = [];

    public ScopePipeline ScopePipeline { get; init; } = new();

    public ConsentSettings ConsentSettings { get; init; } = new();

    public LoginSettings LoginSettings { get; init; } = new();

    public SessionSettings SessionSettings { get; init; } = new();

    public TokenExchangeSettings TokenExchange { get; init; } = new();

    public DpopSettings Dpop { get; init; } = new();

    /// <summary>That every client must follow.</summary>
    public SecurityProfile SecurityProfile { get; init; }

    /// <summary>The authorities whose certificates clients authenticate with, PEM; null: none.</summary>
    public string? ClientCertificateAuthorities { get; init; }

    public AuditSettings AuditSettings { get; init; } = new();

    /// <summary>Whose word about users is taken in exchange for tokens. Ordered by name.</summary>
    public ValueList<AssertionIssuer> AssertionIssuers { get; init; } = [];

    /// <summary>What clients may ask for beyond scopes (RFC 9396). Ordered by type.</summary>
    public ValueList<AuthorizationDetailsType> AuthorizationDetailsTypes { get; init; } = [];

    /// <summary>Null: clients cannot be registered dynamically.</summary>
    public ClientRegistrationSettings? ClientRegistration { get; init; }

    /// <summary>Whether its principals may administer other realms. Comes with the feed, from realm-admin's configuration; nothing stored says so.</summary>
    [JsonIgnore]
    public bool IsPlatform { get; init; }

    /// <summary>Of the last write to the realm or anything in it.</summary>
    public long Revision { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    ResourceKind IRealmResource.Kind => ResourceKind.Realm;

    string IRealmResource.Id => RealmId;
}
