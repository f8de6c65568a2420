namespace Pltfrms.Iam.RealmAdmin.Realms;

/// <summary>
/// What every write moves. A revision never goes back while its realm lives, so the sum is greater after any write; a realm that is gone is one less, and
/// one that was made in its place is younger than all before it.
/// </summary>
public sealed record RealmsSum
{
    public required long Realms { get; init; }

    public required long Revisions { get; init; }

    /// <summary>When the youngest was made; null: there is none.</summary>
    public required DateTimeOffset? LatestAt { get; init; }
}
