using Pltfrms.Iam.Common;

namespace Pltfrms.Iam.Consent.Revocation;

/// <summary>Grants that the token service is to revoke, because what they rest on was withdrawn.</summary>
public sealed record GrantRevocation
{
    public required string RealmId { get; init; }

    /// <summary>Given by <see cref="RevokeAccess.WriteAsync"/>, as are the times.</summary>
    public string RevocationId { get; init; } = "";

    /// <summary>Empty: any.</summary>
    public string UserId { get; init; } = "";

    /// <summary>Empty: any.</summary>
    public string ClientId { get; init; } = "";

    /// <summary>Null: any; empty: only those tied to none.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>Only grants with one of these; empty: any.</summary>
    public ValueList<string> Scopes { get; init; } = [];

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it is carried out next.</summary>
    public DateTimeOffset DueAt { get; init; }

    /// <summary>How often it went through.</summary>
    public int Passes { get; init; }
}
