using System.Globalization;

namespace Pltfrms.Iam.Token.Audit;

/// <summary>Walks a realm's events in their order, and finds the first that does not link to the one before in its chain, or that one is missing before.</summary>
/// <param name="realmId">Whose events they are.</param>
/// <param name="anchor">A hash that an event once had, noted elsewhere; null: none.</param>
public sealed class TokenEventVerifier(string realmId, string? anchor)
{
    private readonly Dictionary<string, TokenEventRow> _heads = new(StringComparer.Ordinal);
    private TokenEventRow? _last;
    private bool _anchored = anchor is null;

    public long Events { get; private set; }

    public int Chains => _heads.Count;

    /// <summary>The newest event's hash; null: there is none.</summary>
    public string? Head => _last?.Hash;

    /// <summary>Takes the next event. Says what is broken about it; null: nothing is.</summary>
    public string? Next(TokenEventRow row)
    {
        if (Fault(row) is { } fault)
        {
            return string.Create(CultureInfo.InvariantCulture, $"broken at sequence {row.Sequence}: {fault}");
        }

        _heads[row.ChainId] = row;
        _last = row;
        _anchored |= row.Hash == anchor;
        Events++;
        return null;
    }

    /// <summary>After the last event: says what is missing at the end; null: nothing that anybody could know of.</summary>
    public string? End() => _anchored ? null : $"broken: no event has the anchor's hash {anchor}; it has expired or was removed, or its chain was written anew";

    private string? Fault(TokenEventRow row)
    {
        if (row.RealmId != realmId)
        {
            return $"it is of the realm '{row.RealmId}'";
        }

        if (_last is not null && row.Sequence != _last.Sequence + 1)
        {
            return row.Sequence <= _last.Sequence
                ? "the events are not in their order, or one is there twice"
                : "events before it are missing: they were removed, or expired before older ones because the realm keeps events for less long than it did";
        }

        var before = _heads.GetValueOrDefault(row.ChainId);
        if (before is null && row.ChainNumber > 1)
        {
            // The beginning of the chain has expired. What is kept begins with it, or another chain's events would be missing.
            return null;
        }

        return row.ChainNumber != (before?.ChainNumber ?? 0) + 1 || row.Hash != TokenEventChains.HashOf(before?.Hash ?? "", row)
            ? "its hash does not follow from its fields and the hash before"
            : null;
    }
}
