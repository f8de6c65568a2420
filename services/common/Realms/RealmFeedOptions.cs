using System.ComponentModel.DataAnnotations;

namespace Pltfrms.Iam.Common.Realms;

/// <summary>How a service keeps realms in memory (configuration section <c>RealmFeed</c>).</summary>
public sealed class RealmFeedOptions
{
    public const string Section = "RealmFeed";

    /// <summary>How long without word from realm-admin a realm still counts as current.</summary>
    [Range(typeof(TimeSpan), "00:00:00.5", "01:00:00")]
    public TimeSpan StaleAfter { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How many realms are kept; over it the ones that were not used for longest are dropped, and load again when they are.</summary>
    [Range(1, 1_000_000)]
    public int MaxRealms { get; set; } = 10_000;
}
