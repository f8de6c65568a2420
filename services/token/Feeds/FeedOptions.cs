using System.ComponentModel.DataAnnotations;

namespace Pltfrms.Iam.Token.Feeds;

/// <summary>How clients watch (configuration section <c>Feeds</c>).</summary>
public sealed class FeedOptions
{
    public const string Section = "Feeds";

    /// <summary>How often watchers are told that they have everything, and looked at whether they may still watch.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:00:10")]
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a watcher may take for one message.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many streams there may be at this replica.</summary>
    [Range(1, 1_000_000)]
    public int MaxWatchers { get; set; } = 10_000;

    /// <summary>How many of them one client, service or operator may have.</summary>
    [Range(1, 1_000_000)]
    public int MaxWatchersPerCaller { get; set; } = 1000;

    /// <summary>How many of the latest events of a stream are kept for those who are behind; over it they begin anew.</summary>
    [Range(16, 1_000_000)]
    public int HistoryLength { get; set; } = 1024;

    /// <summary>How many bytes these events may have.</summary>
    [Range(64 * 1024, 1024 * 1024 * 1024)]
    public int HistorySize { get; set; } = 4 * 1024 * 1024;

    /// <summary>How many streams that nobody watches any more are kept for a while, for watchers who come back.</summary>
    [Range(0, 100_000)]
    public int MaxIdleStreams { get; set; } = 256;
}
