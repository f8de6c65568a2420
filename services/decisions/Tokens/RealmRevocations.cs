using System.Collections.Concurrent;

namespace Pltfrms.Iam.Common.Tokens;

/// <summary>The revoked tokens of one realm that have not expired yet, as far as this replica knows.</summary>
public sealed class RealmRevocations
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> _expiries = new(StringComparer.Ordinal);
    private long _sequence;
    private long _confirmedAt;

    /// <param name="sequence">The realm's head when it was read.</param>
    /// <param name="confirmedAt">A timestamp from before it was read.</param>
    public RealmRevocations(long sequence, long confirmedAt)
    {
        _sequence = sequence;
        _confirmedAt = confirmedAt;
    }

    /// <summary>Every revocation up to this number is here.</summary>
    public long Sequence => Interlocked.Read(ref _sequence);

    /// <summary>The timestamp of the last moment at which nothing was missing.</summary>
    public long ConfirmedAt => Interlocked.Read(ref _confirmedAt);

    /// <summary>All of them, with when the last token concerned has expired; in no order.</summary>
    public IEnumerable<KeyValuePair<string, DateTimeOffset>> All => _expiries;

    public bool Contains(string tokenId) => _expiries.ContainsKey(tokenId);

    /// <summary>Whether a token, the grant that it comes from, the key that signed it, or a token that it was exchanged from is revoked.</summary>
    public bool Contains(AccessToken token)
    {
        if (Contains(token.TokenId) || (token.GrantId is { } grantId && Contains(grantId)) || (token.KeyId is { } keyId && Contains(keyId)))
        {
            return true;
        }

        for (var i = 0; i < token.ParentIds.Count; i++)
        {
            if (Contains(token.ParentIds[i]))
            {
                return true;
            }
        }

        return false;
    }

    public void Add(string tokenId, DateTimeOffset expiresAt) => _expiries[tokenId] = expiresAt;

    /// <summary>Every revocation up to a number is here, and nobody has yet said since when.</summary>
    public void Reach(long sequence) => Interlocked.Exchange(ref _sequence, sequence);

    public void Confirm(long sequence, long confirmedAt)
    {
        Interlocked.Exchange(ref _sequence, sequence);
        Interlocked.Exchange(ref _confirmedAt, confirmedAt);
    }

    /// <summary>Forgets tokens that have expired: nobody accepts them anyway.</summary>
    public void Sweep(DateTimeOffset now)
    {
        foreach (var (tokenId, expiresAt) in _expiries)
        {
            if (now >= expiresAt)
            {
                _expiries.TryRemove(tokenId, out _);
            }
        }
    }
}
