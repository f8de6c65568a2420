namespace Pltfrms.Iam.Client;

/// <summary>Where answers come from, and so how fresh they are. An outage is an exception in all of them, never an answer.</summary>
public enum IamMode
{
    /// <summary>As <see cref="IamClientOptions.Mode"/> says.</summary>
    Configured = 0,

    /// <summary>
    /// Every answer is asked for. It reflects the realm as it was at most 2 s ago, or a later state where a minimum revision is
    /// given. Checks that are asked at the same moment travel in one call.
    /// </summary>
    Remote = 1,

    /// <summary>
    /// An answer is given again for <see cref="IamClientOptions.CacheFor"/>, never beyond the token's expiry (nor in its last
    /// minute, as clocks differ), and not where a later revision is asked for; so it is at most that much older than a remote one. Failures are not kept. With
    /// <see cref="IamClientOptions.WatchFeeds"/> nothing is given again after a change of the realm or a revocation has been heard of.
    /// </summary>
    Cached = 2,

    /// <summary>
    /// Decided in this process: tokens by the realm's keys, permissions and revocations by two streams from the token service.
    /// An answer reflects the realm as it was at most <see cref="IamClientOptions.FeedStaleAfter"/> ago, mostly some milliseconds.
    /// What cannot be known here, or not as freshly, or not yet at the minimum revision, is asked as in <see cref="Remote"/>.
    /// </summary>
    Local = 3,
}
