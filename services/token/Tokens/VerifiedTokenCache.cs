using System.Collections.Concurrent;

namespace Pltfrms.Iam.Token.Tokens;

/// <summary>
/// Tokens of one realm whose signature was found good, so that a token seen before costs no elliptic curve arithmetic.
/// It says nothing of expiry, revocation or disabled principals: those are looked at on every use.
/// </summary>
/// <remarks>Two generations: the older one is dropped as a whole when the younger is full or old, so nothing is ever searched for victims.</remarks>
public sealed class VerifiedTokenCache(int capacity, TimeProvider clock)
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(10);

    private volatile Generation _young = new(clock.GetTimestamp());
    private volatile Generation _old = new(clock.GetTimestamp());

    public AccessToken? Find(in TokenHash hash)
    {
        if (_young.Tokens.TryGetValue(hash, out var token))
        {
            return token;
        }

        if (_old.Tokens.TryGetValue(hash, out token))
        {
            Add(hash, token);
        }

        return token;
    }

    public void Add(in TokenHash hash, AccessToken token)
    {
        var young = _young;
        if (!young.Tokens.TryAdd(hash, token))
        {
            return;
        }

        // Each generation holds half of what the cache may hold.
        if (young.CountOne() >= capacity / 2 || clock.GetElapsedTime(young.StartedAt) > MaxAge)
        {
            var next = new Generation(clock.GetTimestamp());
            if (Interlocked.CompareExchange(ref _young, next, young) == young)
            {
                _old = young;
            }
        }
    }

    private sealed class Generation(long startedAt)
    {
        private int _count;

        public ConcurrentDictionary<TokenHash, AccessToken> Tokens { get; } = new();

        public long StartedAt => startedAt;

        /// <summary>The dictionary's own count takes all its locks.</summary>
        public int CountOne() => Interlocked.Increment(ref _count);
    }
}
