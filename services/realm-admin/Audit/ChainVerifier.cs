using Pltfrms.Iam.RealmAdmin.Changes;

namespace Pltfrms.Iam.RealmAdmin.Audit;

/// <summary>Walks a realm's events from the first on, and finds the first that does not link to the one before.</summary>
/// <param name="realmId">Whose events they are.</param>
/// <param name="anchor">A hash that the chain once had, noted elsewhere; null: none.</param>
public sealed class ChainVerifier(string realmId, string? anchor)
{
    private ChangeLogRow? _last;
    private bool _anchored = anchor is null;

    /// <summary>How many events are linked.</summary>
    public long Linked { get; private set; }

    /// <summary>How many came before the chain began, of a version that had none; nothing vouches for them.</summary>
    public long Uncovered { get; private set; }

    /// <summary>The newest event's hash; null: there is none.</summary>
    public string? Head => _last?.Hash;

    public EventPosition? Last => _last?.Position;

    /// <summary>Takes the next event. Says what is broken about it; null: nothing is.</summary>
    public string? Next(ChangeLogRow row)
    {
        if (Fault(row) is { } fault)
        {
            return $"broken at {row.Position}, {(_last is null ? "the first event" : $"after {_last.Position}")}: {fault}";
        }

        _last = row;
        _anchored |= row.Hash == anchor;
        if (row.Hash is null)
        {
            Uncovered++;
        }
        else
        {
            Linked++;
        }

        return null;
    }

    /// <summary>After the last event: says what the chain lacks at its end; null: nothing.</summary>
    /// <param name="revision">The realm's own revision; null where it is not known.</param>
    public string? End(long? revision)
    {
        var last = _last?.Revision ?? 0;
        var where = _last is null ? "broken, there are no events" : $"broken after {_last.Position}";
        return revision > last ? $"{where}: the realm is at revision {revision}, but the events after revision {last} are missing"
            : revision < last ? $"{where}: the realm is at revision {revision}, but there are events up to revision {last}"
            : _anchored ? null
            : $"{where}: no event has the anchor's hash {anchor}; events are missing at the end, or the whole chain was written anew";
    }

    private string? Fault(ChangeLogRow row)
    {
        if (row.RealmId != realmId)
        {
            return $"it is of the realm '{row.RealmId}'";
        }

        if (_last is not null && row.Position <= _last.Position)
        {
            return "the events are not in their order, or one is there twice";
        }

        if (row.Hash is null)
        {
            return Head is null ? null : "it has no hash, but the one before it has";
        }

        if (row.Hash == AuditChain.Hash(Head, row))
        {
            return null;
        }

        return IsNext(row.Position)
            ? "its hash does not follow from its fields and the hash before; one of them was changed, or an event between them was removed"
            : "events before it are missing";
    }

    private bool IsNext(EventPosition position)
    {
        var last = _last?.Position ?? EventPosition.Start;
        return position == last with { Ordinal = last.Ordinal + 1 } || position == new EventPosition(last.Revision + 1, 0);
    }
}
