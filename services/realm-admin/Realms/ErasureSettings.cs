using System.ComponentModel.DataAnnotations;

namespace Pltfrms.Iam.RealmAdmin.Realms;

/// <summary>Section <c>Erasure</c>: how deleted realms are erased.</summary>
public sealed class ErasureSettings
{
    public const string Section = "Erasure";

    /// <summary>How often deleted realms are looked for, and how soon a service that did not answer is asked again.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "01:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long after its deletion somebody may still write something for a realm: longer than the services' <c>RealmFeed:StaleAfter</c> and than
    /// any call. Only what is erased after it counts, and the id is held back that long once more.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "1.00:00:00")]
    public TimeSpan Quarantine { get; set; } = TimeSpan.FromSeconds(30);
}
