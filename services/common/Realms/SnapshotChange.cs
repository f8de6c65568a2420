namespace Pltfrms.Iam.Common.Realms;

/// <summary>What became of a realm in memory.</summary>
/// <param name="Before">What was there before; null: nothing.</param>
/// <param name="After">What is there now.</param>
/// <param name="Delta">What makes the one of the other; null: not known, the realm was loaded as a whole.</param>
/// <param name="HeardAt">The timestamp of the moment at which <paramref name="After"/> was the latest.</param>
public sealed record SnapshotChange(RealmSnapshot? Before, RealmSnapshot After, RealmFeedEvent.Delta? Delta, long HeardAt);
