using System.Globalization;
using Pltfrms.Iam.Common.Chains;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.RealmAdmin.Changes;

namespace Pltfrms.Iam.RealmAdmin.Audit;

/// <summary>Links the events of a realm: each has the SHA-256 of the one before and of itself. docs/audit.md defines every byte.</summary>
public static class AuditChain
{
    // Another order or set of fields is another version.
    private const string Version = "pltfrms.iam.audit.v1";

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
        var fields = new HashedFields()
            .Add(Version)
            .Add(previous ?? "")
            .Add(row.RealmId)
            .Add(row.Revision.ToString(CultureInfo.InvariantCulture))
            .Add(row.Ordinal.ToString(CultureInfo.InvariantCulture))
            .Add(InstantText.Write(row.ChangedAt))
            .Add(row.Actor)
            .Add(row.ActorKind)
            .Add(row.ActorClientId)
            .Add(row.TokenId)
            .Add(row.ActChain.Count.ToString(CultureInfo.InvariantCulture));
        foreach (var subject in row.ActChain)
        {
            fields.Add(subject);
        }

        return fields
            .Add(row.CorrelationId)
            .Add(row.ResourceKind)
            .Add(row.ResourceId)
            .Add(row.ChangeKind)
            .Add(row.StateBefore)
            .Add(row.StateAfter)
            .Hash();
    }
}
