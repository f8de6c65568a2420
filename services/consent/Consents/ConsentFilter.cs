namespace Pltfrms.Iam.Consent.Consents;

/// <summary>Which decisions of a realm are meant: those that fit all that is set.</summary>
public sealed record ConsentFilter
{
    public required string RealmId { get; init; }

    /// <summary>Empty: any.</summary>
    public string UserId { get; init; } = "";

    /// <summary>Empty: any.</summary>
    public string ClientId { get; init; } = "";

    /// <summary>Null: any; empty: those in none.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>Empty: any.</summary>
    public string Scope { get; init; } = "";
}
