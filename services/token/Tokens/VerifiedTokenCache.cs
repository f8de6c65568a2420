using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Pltfrms.Iam.Token.Tokens;

/// <summary>
/// Tokens of one realm whose signature was found good, or which were found in the database, so that a token seen before costs neither elliptic curve
/// arithmetic nor a question.
/// It says nothing of expiry, revocation or disabled principals: those are looked at on every use.
/// </summary>
/// <remarks>
/// Two generations: the older one is dropped as a whole when the younger is full or old, so nothing is ever searched for victims.
/// Tokens are kept as they are and compared in full: hashing them instead took a tenth of an introspection's time.
/// </remarks>
public sealed class VerifiedTokenCache(int capacity, TimeProvider clock)
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(10);

    private volatile Generation _young = new(clock.GetTimestamp());
    private volatile Generation _old = new(clock.GetTimestamp());

    public AccessToken? Find(string token)
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

    public void Add(string token, AccessToken verified)
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

        public ConcurrentDictionary<string, AccessToken> Tokens { get; } = new(new WholeToken());

        public long StartedAt => startedAt;

        /// <summary>The dictionary's own count takes all its locks.</summary>
        public int CountOne() => Interlocked.Increment(ref _count);
    }

    /// <summary>
    /// The end of a token is its signature's, or all of it is random; nobody can choose many that share it, as only tokens with a good
    /// signature, or which we made up, are kept.
    /// </summary>
    private sealed class WholeToken : IEqualityComparer<string>
    {
        private const int End = 8;

        public bool Equals(string? x, string? y) => string.Equals(x, y, StringComparison.Ordinal);

        public int GetHashCode(string obj)
        {
            if (obj.Length < End)
            {
                return obj.Length;
            }

            var end = MemoryMarshal.Cast<char, ulong>(obj.AsSpan(obj.Length - End));
            return HashCode.Combine(end[0], end[1]);
        }
    }
}
