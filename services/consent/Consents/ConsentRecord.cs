namespace Pltfrms.Iam.Consent.Consents;

/// <summary>One decision of a user about one scope for one client.</summary>
public sealed record ConsentRecord
{
    public required string RealmId { get; init; }

    public required string UserId { get; init; }

    public required string ClientId { get; init; }

    /// <summary>Empty: none.</summary>
    public string OrganizationId { get; init; } = "";

    public required string Scope { get; init; }

    public required ConsentDecision Decision { get; init; }

    public required DateTimeOffset DecidedAt { get; init; }

    /// <summary>Null: until changed.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>RFC 5646; empty: the technical name was shown.</summary>
    public string TextLanguage { get; init; } = "";

    /// <summary>SHA-256 of the text that was shown, lower-case hexadecimal.</summary>
    public string TextVersion { get; init; } = "";

    /// <summary>How it was made: one of <see cref="ConsentMethods"/>.</summary>
    public string Method { get; init; } = ConsentMethods.Grpc;
}

public enum ConsentDecision
{
    Granted,
    Denied,
}
