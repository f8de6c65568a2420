using Google.Protobuf.WellKnownTypes;
using Wire = Pltfrms.Iam.Token.V1;

namespace Pltfrms.Iam.Token.Feeds;

/// <summary>Says how old what is known is.</summary>
internal static class FeedClock
{
    /// <summary>A heartbeat about a moment of this process; null where that is too long ago to say anything.</summary>
    public static Wire.FeedHeartbeat? Heartbeat(TimeProvider clock, long position, long confirmedAt, TimeSpan staleAfter)
    {
        var age = clock.GetElapsedTime(confirmedAt);
        return age > staleAfter ? null : new()
        {
            Position = position,
            AsOfTime = Timestamp.FromDateTimeOffset(clock.GetUtcNow() - age),
            Age = Duration.FromTimeSpan(age),
        };
    }
}
