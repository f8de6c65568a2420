using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.RealmAdmin.Registration;

/// <summary>What is kept of a client's registration besides the client.</summary>
public sealed record RegistrationRow
{
    public required string ClientId { get; init; }

    /// <summary>That its metadata come from; null: none.</summary>
    public string? SoftwareStatement { get; init; }

    /// <summary>That of the initial access token it was registered with; null: the realm's.</summary>
    public ClientRegistrationPolicy? Policy { get; init; }
}
