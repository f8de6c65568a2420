using Google.Protobuf.WellKnownTypes;
using Pltfrms.Iam.Common.Realms.Mapping;
using Admin = Pltfrms.Iam.RealmAdmin.V1;
using Wire = Pltfrms.Iam.Token.V1;

namespace Pltfrms.Iam.Token.Feeds;

/// <summary>What watchers of a realm get, encoded.</summary>
internal static class ViewMessages
{
    /// <summary>Receivers take 4 MiB unless told otherwise.</summary>
    private const int MessageSize = 256 * 1024;

    private const int LargestDelta = 1024 * 1024;

    public static EncodedMessage View(ViewAudiences audiences) => EncodedMessage.Of(new Wire.WatchRealmResponse
    {
        View = new()
        {
            ViewId = audiences.Id,
            AllAudiences = audiences.Audiences is null,
            Audiences = { audiences.Audiences ?? [] },
        },
    });

    /// <summary>Null: it is so large that a snapshot in parts says it better.</summary>
    public static EncodedMessage? Delta(ViewChange change, long revision, DateTimeOffset now)
    {
        var delta = new Admin.RealmDelta
        {
            Revision = revision,
            AsOfTime = Timestamp.FromDateTimeOffset(now),
            Upserts = { change.Upserts.Select(resource => resource.ToWire()) },
            Deletes = { change.Deletes.Select(deleted => RealmResourceMapping.ToWire(deleted.Kind, deleted.Id)) },
        };
        var message = EncodedMessage.Of(new Wire.WatchRealmResponse { Delta = delta });
        return message.Size > LargestDelta ? null : message;
    }

    /// <summary>A snapshot in parts.</summary>
    public static IEnumerable<EncodedMessage> Snapshot(ViewState state, DateTimeOffset now)
    {
        var (part, size) = (NewPart(state, now), 0);
        foreach (var resource in state.Resources())
        {
            var wire = resource.ToWire();
            size += wire.CalculateSize();
            if (size > MessageSize && part.Resources.Count > 0)
            {
                yield return EncodedMessage.Of(new Wire.WatchRealmResponse { SnapshotPart = part });
                (part, size) = (NewPart(state, now), wire.CalculateSize());
            }

            part.Resources.Add(wire);
        }

        part.Last = true;
        yield return EncodedMessage.Of(new Wire.WatchRealmResponse { SnapshotPart = part });
    }

    private static Admin.RealmSnapshotPart NewPart(ViewState state, DateTimeOffset now) =>
        new() { Revision = state.Revision, AsOfTime = Timestamp.FromDateTimeOffset(now) };
}
