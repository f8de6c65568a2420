namespace Pltfrms.Iam.RealmAdmin.Registration;

/// <summary>What a client sends to be registered, or registered anew.</summary>
public sealed record RegistrationRequest
{
    public required string RealmId { get; init; }

    /// <summary>Client metadata as JSON, as sent.</summary>
    public required string Metadata { get; init; }

    /// <summary>Sensitive: the initial or the registration access token; empty: none.</summary>
    public required string Token { get; init; }

    /// <summary>Empty: a new client.</summary>
    public string ClientId { get; init; } = "";

    /// <summary>The realm's, as clients see it.</summary>
    public required string Issuer { get; init; }

    /// <summary>Null: unknown.</summary>
    public string? SourceAddress { get; init; }

    public override string ToString() => $"RegistrationRequest {RealmId} {ClientId}";
}
