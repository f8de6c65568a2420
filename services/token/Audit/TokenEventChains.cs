using System.Globalization;
using Pltfrms.Iam.Common.Chains;
using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Token.Audit;

/// <summary>
/// Links the events that this replica writes, a chain for each realm: each has the SHA-256 of the one before and of itself. A chain begins when
/// the replica first writes for the realm, and anew when it cannot know what it wrote last. docs/audit.md defines every byte.
/// </summary>
public sealed class TokenEventChains
{
    // Another order or set of fields is another version.
    private const string Version = "pltfrms.iam.token_events.v1";

    // Chains of realms that have not been written for long are as good as ended.
    private const int Most = 10_000;

    private readonly Dictionary<string, Head> _heads = new(StringComparer.Ordinal);

    /// <summary>Gives rows their places and hashes. Nothing is remembered before <see cref="Keep"/>.</summary>
    /// <param name="rows">In their order.</param>
    public IReadOnlyList<TokenEventRow> Link(IReadOnlyList<TokenEventRow> rows)
    {
        var linked = new TokenEventRow[rows.Count];
        Dictionary<string, Head> heads = new(StringComparer.Ordinal);
        for (var i = 0; i < rows.Count; i++)
        {
            var head = heads.TryGetValue(rows[i].RealmId, out var last) || _heads.TryGetValue(rows[i].RealmId, out last)
                ? last
                : new Head(Guid.NewGuid().ToString("N"), 0, "");
            var row = rows[i] with { ChainId = head.ChainId, ChainNumber = head.Number + 1 };
            linked[i] = row with { Hash = HashOf(head.Hash, row) };
            heads[row.RealmId] = new Head(head.ChainId, row.ChainNumber, linked[i].Hash);
        }

        return linked;
    }

    /// <summary>The rows are written.</summary>
    public void Keep(IReadOnlyList<TokenEventRow> linked)
    {
        if (_heads.Count > Most)
        {
            _heads.Clear();
        }

        foreach (var row in linked)
        {
            _heads[row.RealmId] = new Head(row.ChainId, row.ChainNumber, row.Hash);
        }
    }

    /// <summary>Nobody knows whether the last rows are written: all chains end.</summary>
    public void End() => _heads.Clear();

    /// <summary>The hash that a row must have, as 64 lower-case hexadecimal digits.</summary>
    /// <param name="previous">The hash of the row before; empty: the chain starts here.</param>
    /// <param name="row">Its own hash and its sequence do not matter.</param>
    public static string HashOf(string previous, TokenEventRow row) => new HashedFields()
        .Add(Version)
        .Add(previous)
        .Add(row.RealmId)
        .Add(row.ChainId)
        .Add(row.ChainNumber.ToString(CultureInfo.InvariantCulture))
        .Add(row.EventId)
        .Add(InstantText.Write(row.HappenedAt))
        .Add(InstantText.Write(row.ExpiresAt))
        .Add(row.Kind)
        .Add(row.ClientId)
        .Add(row.UserId)
        .Add(row.TokenId)
        .Add(row.FamilyId)
        .Add(row.Details)
        .Hash();

    private readonly record struct Head(string ChainId, long Number, string Hash);
}
