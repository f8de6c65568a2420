namespace Pltfrms.Iam.Client;

/// <summary>The moment at which one call of this library is given up, all its steps included.</summary>
internal readonly struct CallDeadline
{
    private CallDeadline(DateTime utc) => Utc = utc;

    /// <summary>As gRPC wants it.</summary>
    public DateTime Utc { get; }

    /// <summary>What is left; never negative.</summary>
    public TimeSpan Remaining
    {
        get
        {
            var left = Utc - TimeProvider.System.GetUtcNow().UtcDateTime;
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>A deadline from now. By the system's clock, as gRPC compares deadlines with that one and no other.</summary>
    public static CallDeadline After(TimeSpan timeout) => new(TimeProvider.System.GetUtcNow().UtcDateTime + timeout);
}
