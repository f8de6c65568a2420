using System.Globalization;
using Pltfrms.Iam.Common.Chains;
using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Token.Audit;

/// <summary>
/// Links the events that this replica writes, a chain for each realm: each has the SHA-256 of the one before and of itself. A chain begins when
/// the replica first writes for the realm, and anew when it cannot know what it wrote last. docs/audit.md defines every byte.
/// </summary>
internal sealed class TokenEventChains : IDisposable
{
    // Another order or set of fields is another version.
    internal const string Version = "pltfrms.iam.token_events.v1";

    // Chains of realms that have not been written for long are as good as ended.
    private const int Most = 10_000;

    private readonly Dictionary<string, Head> _heads = new(StringComparer.Ordinal);
    private readonly TokenEventBatchBuilder _builder = new();

    /// <summary>Makes batches of events and gives them their places and hashes. Nothing is remembered before <see cref="Keep"/>.</summary>
    /// <param name="events">Those of each realm in their order.</param>
    public IReadOnlyList<TokenEventBatch> Link(IEnumerable<TokenEventRecord> events)
    {
        List<TokenEventBatch> batches = [];
        foreach (var ofRealm in events.GroupBy(happened => happened.RealmId, StringComparer.Ordinal))
        {
            var head = _heads.TryGetValue(ofRealm.Key, out var last) ? last : new Head(Guid.NewGuid().ToString("N"), 0, "");
            _builder.Begin(ofRealm.Key, head.ChainId, head.Number, head.Hash);
            foreach (var happened in ofRealm)
            {
                if (_builder.IsFull)
                {
                    batches.Add(_builder.Take());
                }

                _builder.Add(happened);
            }

            batches.Add(_builder.Take());
        }

        return batches;
    }

    /// <summary>The batches are written.</summary>
    public void Keep(IReadOnlyList<TokenEventBatch> linked)
    {
        if (_heads.Count > Most)
        {
            _heads.Clear();
        }

        foreach (var batch in linked)
        {
            _heads[batch.RealmId] = new Head(batch.ChainId, batch.ChainNumber + batch.Count - 1, batch.Head);
        }
    }

    /// <summary>Nobody knows whether the last events are written: all chains end.</summary>
    public void End() => _heads.Clear();

    public void Dispose() => _builder.Dispose();

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
