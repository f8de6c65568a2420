using System.Collections.Concurrent;
using Pltfrms.Iam.Common.Authentication;

namespace Pltfrms.Iam.Token.Tokens;

/// <summary>
/// Tokens of one realm whose signature was found good, or which were found in the database, so that a token seen before costs neither elliptic curve
/// arithmetic nor a question.
/// It says nothing of expiry, revocation or disabled principals: those are looked at on every use.
/// </summary>
/// <remarks>
/// Two generations: the older one is dropped as a whole when the younger is full or old, so nothing is ever searched for victims.
/// Tokens are known by their hashes: see docs/adr/0025.
/// </remarks>
public sealed class VerifiedTokenCache(int capacity, TimeProvider clock)
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(10);

    private volatile Generation _young = new(clock.GetTimestamp());
    private volatile Generation _old = new(clock.GetTimestamp());

    public AccessToken? Find(in TokenHash token)
    {
        if (_young.Tokens.TryGetValue(token, out var verified))
        {
            return verified;
        }

        if (_old.Tokens.TryGetValue(token, out verified))
        {
            Add(token, verified);
        }

        return verified;
    }

    public void Add(in TokenHash token, AccessToken verified)
    {
        var young = _young;
        if (!young.Tokens.TryAdd(token, verified))
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

        public ConcurrentDictionary<TokenHash, AccessToken> Tokens { get; } = [];

        public long StartedAt => startedAt;

        /// <summary>The dictionary's own count takes all its locks.</summary>
        public int CountOne() => Interlocked.Increment(ref _count);
    }
}
