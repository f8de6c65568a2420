namespace Pltfrms.Iam.Common.Realms;

/// <summary>What is known of a realm now, however old.</summary>
/// <param name="Snapshot">The latest; null: not loaded yet.</param>
/// <param name="HeardAt">The timestamp of the last moment at which it was the latest.</param>
public readonly record struct KnownRealm(RealmSnapshot? Snapshot, long HeardAt);
