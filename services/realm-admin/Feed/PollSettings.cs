using System.ComponentModel.DataAnnotations;

namespace Pltfrms.Iam.RealmAdmin.Feed;

/// <summary>Section <c>RealmFeed</c>: how realms that somebody watches are looked after.</summary>
public sealed class PollSettings
{
    public const string Section = "RealmFeed";

    /// <summary>How often the database is asked where they are. Watchers take silence of <c>RealmFeed:StaleAfter</c> at the services for an outage.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "01:00:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(200);
}
