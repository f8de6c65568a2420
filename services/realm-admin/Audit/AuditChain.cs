using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Pltfrms.Iam.RealmAdmin.Changes;

namespace Pltfrms.Iam.RealmAdmin.Audit;

/// <summary>Links the events of a realm: each has the SHA-256 of the one before and of itself. docs/audit.md defines every byte.</summary>
public static class AuditChain
{
    /// <summary>How instants are written, in what is hashed and in exports.</summary>
    public const string InstantFormat = "yyyy-MM-ddTHH:mm:ss.ffffffZ";

    // Another order or set of fields is another version.
    private const string Version = "pltfrms.iam.audit.v1";

    private const uint Missing = uint.MaxValue;

    /// <summary>Gives new rows their hashes.</summary>
    /// <param name="head">The hash of the realm's newest row; null: the chain starts here.</param>
    /// <param name="rows">In their order.</param>
    public static IReadOnlyList<ChangeLogRow> Extend(string? head, IEnumerable<ChangeLogRow> rows)
    {
        List<ChangeLogRow> linked = [];
        foreach (var row in rows)
        {
            head = Hash(head, row);
            linked.Add(row with { Hash = head });
        }

        return linked;
    }

    /// <summary>The hash that the row must have, as 64 lower-case hexadecimal digits.</summary>
    /// <param name="previous">The hash of the row before, as it is stored; null: the chain starts here.</param>
    /// <param name="row">Its own hash does not matter.</param>
    public static string Hash(string? previous, ChangeLogRow row)
    {
        var bytes = new ArrayBufferWriter<byte>(1024);
        Write(bytes, Version);
        Write(bytes, previous ?? "");
        Write(bytes, row.RealmId);
        Write(bytes, row.Revision.ToString(CultureInfo.InvariantCulture));
        Write(bytes, row.Ordinal.ToString(CultureInfo.InvariantCulture));
        Write(bytes, row.ChangedAt.UtcDateTime.ToString(InstantFormat, CultureInfo.InvariantCulture));
        Write(bytes, row.Actor);
        Write(bytes, row.ActorKind);
        Write(bytes, row.ActorClientId);
        Write(bytes, row.TokenId);
        Write(bytes, row.ActChain.Count.ToString(CultureInfo.InvariantCulture));
        foreach (var subject in row.ActChain)
        {
            Write(bytes, subject);
        }

        Write(bytes, row.CorrelationId);
        Write(bytes, row.ResourceKind);
        Write(bytes, row.ResourceId);
        Write(bytes, row.ChangeKind);
        Write(bytes, row.StateBefore);
        Write(bytes, row.StateAfter);
        return Convert.ToHexStringLower(SHA256.HashData(bytes.WrittenSpan));
    }

    /// <summary>Length first, so that no two lists of fields have the same bytes.</summary>
    private static void Write(ArrayBufferWriter<byte> bytes, string? field)
    {
        var length = field is null ? Missing : (uint)Encoding.UTF8.GetByteCount(field);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.GetSpan(sizeof(uint)), length);
        bytes.Advance(sizeof(uint));
        if (field is not null)
        {
            Encoding.UTF8.GetBytes(field, bytes);
        }
    }
}
