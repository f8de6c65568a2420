using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.RealmAdmin.Feed;

/// <summary>One event of a realm's stream; see realm_feed_service.proto.</summary>
/// <param name="Revision">The realm's revision with this event applied.</param>
/// <param name="AsOf">Before the database was read: the state is no older than this.</param>
public abstract record RealmFeedEvent(long Revision, DateTimeOffset AsOf);

/// <summary>A part of a snapshot.</summary>
public sealed record SnapshotPart(long Revision, DateTimeOffset AsOf, IReadOnlyList<IRealmResource> Resources, bool Last)
    : RealmFeedEvent(Revision, AsOf);

/// <summary>What changed since the event before.</summary>
public sealed record RealmDelta(
    long Revision, DateTimeOffset AsOf, IReadOnlyList<IRealmResource> Upserts, IReadOnlyList<(ResourceKind Kind, string Id)> Deletes)
    : RealmFeedEvent(Revision, AsOf);

/// <summary>Nothing changed.</summary>
public sealed record Heartbeat(long Revision, DateTimeOffset AsOf) : RealmFeedEvent(Revision, AsOf);
