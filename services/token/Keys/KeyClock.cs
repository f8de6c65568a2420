namespace Pltfrms.Iam.Token.Keys;

/// <summary>The time, and how long keys take to be known.</summary>
public sealed class KeyClock(TokenOptions options, TimeProvider clock)
{
    public KeyTimes Times { get; } = KeyTimes.Of(options);

    public DateTimeOffset Now => clock.GetUtcNow();
}
