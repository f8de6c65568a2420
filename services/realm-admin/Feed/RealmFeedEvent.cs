using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.RealmAdmin.Feed;

/// <summary>One event of a realm's stream; see realm_feed_service.proto.</summary>
/// <param name="Position">Which realm, and its revision with this event applied.</param>
/// <param name="AsOf">Before the database was read: the state is no older than this.</param>
public abstract record RealmFeedEvent(RealmPosition Position, DateTimeOffset AsOf)
{
    public long Revision => Position.Revision;
}

/// <summary>A part of a snapshot.</summary>
public sealed record SnapshotPart(RealmPosition Position, DateTimeOffset AsOf, IReadOnlyList<IRealmResource> Resources, bool Last)
    : RealmFeedEvent(Position, AsOf);

/// <summary>What changed since the event before.</summary>
public sealed record RealmDelta(
    RealmPosition Position, DateTimeOffset AsOf, IReadOnlyList<IRealmResource> Upserts, IReadOnlyList<(ResourceKind Kind, string Id)> Deletes)
    : RealmFeedEvent(Position, AsOf);

/// <summary>Nothing changed.</summary>
public sealed record Heartbeat(RealmPosition Position, DateTimeOffset AsOf) : RealmFeedEvent(Position, AsOf);
