namespace Pltfrms.Iam.Common.Realms.Model;

/// <summary>Who may register clients dynamically (RFC 7591), and which.</summary>
public sealed record ClientRegistrationSettings
{
    public const int UsualMaxClients = 1_000;

    public required ClientRegistrationMode Mode { get; init; }

    /// <summary>For all but initial access tokens that have a policy of their own.</summary>
    public ClientRegistrationPolicy Policy { get; init; } = new();

    public int MaxClients { get; init; } = UsualMaxClients;

    /// <summary>After how long without a token such a client goes; null: never.</summary>
    public TimeSpan? UnusedLifetime { get; init; }
}

public enum ClientRegistrationMode
{
    /// <summary>Anybody.</summary>
    Open,

    /// <summary>Whoever has an initial access token.</summary>
    InitialAccessToken,
}
