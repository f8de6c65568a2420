using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.RealmAdmin.Registration;

/// <summary>A client as it is registered, with what is shown once.</summary>
public sealed record Registered
{
    public required Client Client { get; init; }

    /// <summary>Sensitive: null where no new one was made.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>Sensitive.</summary>
    public required string RegistrationAccessToken { get; init; }

    /// <summary>Null: none.</summary>
    public string? SoftwareStatement { get; init; }

    /// <summary>Of the realm that has it.</summary>
    public required long Revision { get; init; }

    public override string ToString() => $"Registered {Client.ClientId} {Revision}";
}
