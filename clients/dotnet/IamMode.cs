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
    /// An answer is given again for <see cref="IamClientOptions.CacheFor"/>, never beyond the token's expiry, and not where a
    /// later revision is asked for; so it is at most that much older than a remote one. Failures are not kept.
    /// </summary>
    Cached = 2,
}
