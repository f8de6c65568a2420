using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Pltfrms.Iam.RealmAdmin.Changes;
using Pltfrms.Iam.RealmAdmin.Storage;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.RealmAdmin.Audit;

/// <summary>Rows of the change log as events of the contract. What somebody damaged is left out: the verification names it.</summary>
internal static class AuditEventMapping
{
    public static Wire.AuditEvent ToWire(this ChangeLogRow row) => new()
    {
        RealmId = row.RealmId,
        Revision = row.Revision,
        Ordinal = row.Ordinal,
        EventTime = Timestamp.FromDateTimeOffset(row.ChangedAt),
        Actor = new()
        {
            ActorKind = row.ActorKind,
            ActorId = row.Actor,
            ClientId = row.ActorClientId ?? "",
            TokenId = row.TokenId ?? "",
            ActChain = { row.ActChain },
        },
        ResourceKind = row.ResourceKind,
        ResourceId = row.ResourceId,
        ChangeKind = KindOf(row.ChangeKind),
        Fields =
        {
            ResourceJson.Differences(row.StateBefore, row.StateAfter).Select(field =>
                new Wire.FieldChange { Field = field.Field, Before = field.Before, After = field.After }),
        },
        CorrelationId = row.CorrelationId ?? "",
        Hash = HashOf(row.Hash),
    };

    private static Wire.ChangeKind KindOf(string name) => StoredNames.TryParse<ChangeKind>(name, out var kind)
        ? kind switch
        {
            ChangeKind.Create => Wire.ChangeKind.Create,
            ChangeKind.Update => Wire.ChangeKind.Update,
            _ => Wire.ChangeKind.Delete,
        }
        : Wire.ChangeKind.Unspecified;

    private static ByteString HashOf(string? hash)
    {
        var bytes = new byte[32];
        return hash is { Length: 64 } && Convert.FromHexString(hash, bytes, out _, out _) == System.Buffers.OperationStatus.Done
            ? ByteString.CopyFrom(bytes)
            : ByteString.Empty;
    }
}
