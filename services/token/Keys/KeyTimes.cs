namespace Pltfrms.Iam.Token.Keys;

/// <summary>How long it takes until a key is known.</summary>
public sealed record KeyTimes
{
    /// <summary>To all replicas: one that has not asked for longer knows that it has to.</summary>
    public required TimeSpan Spreading { get; init; }

    /// <summary>To everybody: all replicas have published it, and whoever fetched the key set before has fetched it again.</summary>
    public required TimeSpan Announcement { get; init; }

    /// <summary>How long a replica may sign without having asked whether its keys are still the realm's.</summary>
    public TimeSpan SignsUnconfirmed => Announcement - Spreading;

    public static KeyTimes Of(TokenOptions options) => new()
    {
        Spreading = options.RevocationStaleAfter,
        // What a replica publishes late is then cached for as long as ever.
        Announcement = (2 * options.RevocationStaleAfter) + options.JwksMaxAge,
    };
}
