using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Pltfrms.Iam.Client.Local;

/// <summary>
/// Tokens whose signature was found good. Two generations: the older is dropped as a whole when the younger is full, so nothing is ever searched for victims.
/// </summary>
/// <remarks>Tokens are kept as they are and compared in full: hashing them would cost more than everything else about a check.</remarks>
internal sealed class TokenMemory(int capacity)
{
    private readonly int _generationSize = Math.Max(1, capacity / 2);
    private volatile Generation _young = new(size: 0);
    private volatile Generation _old = new(size: 0);

    public KnownToken? Find(string token)
    {
        if (_young.Tokens.TryGetValue(token, out var known))
        {
            return known;
        }
        if (_old.Tokens.TryGetValue(token, out known))
        {
            Add(token, known);
        }
        return known;
    }

    public void Add(string token, KnownToken known)
    {
        var young = _young;
        if (young.Tokens.TryAdd(token, known) && young.CountOne() >= _generationSize)
        {
            // Where one was filled the next will be: it has its room at once.
            if (Interlocked.CompareExchange(ref _young, new(_generationSize), young) == young)
            {
                _old = young;
            }
        }
    }

    private sealed class Generation(int size)
    {
        private int _count;

        public ConcurrentDictionary<string, KnownToken> Tokens { get; } = new(concurrencyLevel: -1, size, new WholeToken());

        /// <summary>The dictionary's own count takes all its locks.</summary>
        public int CountOne() => Interlocked.Increment(ref _count);
    }

    /// <summary>
    /// By the end, which is the signature's: nobody can choose many that share it, as only tokens with a good signature are kept, and the hash is another
    /// in each process.
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
