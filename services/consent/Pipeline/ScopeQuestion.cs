using Pltfrms.Iam.Common;

namespace Pltfrms.Iam.Consent.Pipeline;

/// <summary>A request for scopes that was not made.</summary>
public sealed record ScopeQuestion
{
    public required string RealmId { get; init; }

    public required string ClientId { get; init; }

    /// <summary>Empty: the client acts for itself.</summary>
    public string UserId { get; init; } = "";

    /// <summary>Empty: authorization_code with a user, else client_credentials.</summary>
    public string GrantType { get; init; } = "";

    public ValueList<string> Scopes { get; init; } = [];

    /// <summary>Empty: none.</summary>
    public string OrganizationId { get; init; } = "";

    /// <summary>Empty: none.</summary>
    public string Acr { get; init; } = "";

    public ValueList<string> Amr { get; init; } = [];

    /// <summary>Roles that the login asserts.</summary>
    public ValueList<string> LoginRoleIds { get; init; } = [];

    /// <summary>Empty: unknown.</summary>
    public string SourceAddress { get; init; } = "";

    public long MinRevision { get; init; }

    /// <summary>Whether nothing but the realm is set.</summary>
    public bool IsEmpty => this == new ScopeQuestion { RealmId = RealmId, ClientId = "" };
}
