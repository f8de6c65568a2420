namespace Pltfrms.Iam.Token.UserGrants;

/// <summary>Which grants of a realm are meant: those that fit all that is set.</summary>
public sealed record GrantFilter
{
    public required string RealmId { get; init; }

    /// <summary>Empty: any.</summary>
    public string GrantId { get; init; } = "";

    /// <summary>Empty: any.</summary>
    public string UserId { get; init; } = "";

    /// <summary>Empty: any.</summary>
    public string ClientId { get; init; } = "";

    /// <summary>Null: any; empty: those tied to none.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>Those with one of them; empty: any.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>Those given before this time; null: any.</summary>
    public DateTimeOffset? GivenBefore { get; init; }

    public static GrantFilter Of(string realmId, string grantId) => new() { RealmId = realmId, GrantId = grantId };
}
