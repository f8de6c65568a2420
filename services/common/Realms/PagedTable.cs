using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace Pltfrms.Iam.Common.Realms;

/// <summary>
/// An immutable hash table whose successors share what did not change: a change copies one page of some 30 entries and the path to it,
/// however large the table is. A lookup compares the hashes of one page at once, so it costs little more than in a mutable dictionary.
/// </summary>
internal sealed class PagedTable<TKey, TValue>
    where TKey : notnull, IEquatable<TKey>
    where TValue : class
{
    private const int PagesPerSegment = 256;
    private const int EntriesPerNewPage = 16;
    private const int EntriesPerFullPage = 48;

    public static readonly PagedTable<TKey, TValue> Empty = new([[default]], 1, 0);

    private readonly Page[][] _segments;
    private readonly int _pageCount;

    private PagedTable(Page[][] segments, int pageCount, int count)
    {
        _segments = segments;
        _pageCount = pageCount;
        Count = count;
    }

    public int Count { get; }

    public IEnumerable<KeyValuePair<TKey, TValue>> Entries =>
        _segments.SelectMany(segment => segment).SelectMany(page => page.Entries ?? []);

    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        var hash = key.GetHashCode();
        var index = hash & (_pageCount - 1);
        ref readonly var page = ref _segments[index / PagesPerSegment][index % PagesPerSegment];
        var position = page.Find(hash, key);
        value = position < 0 ? null : page.Entries[position].Value;
        return position >= 0;
    }

    public TValue? Find(TKey key) => TryGetValue(key, out var value) ? value : null;

    /// <summary>The table with some keys' values replaced; null removes.</summary>
    public PagedTable<TKey, TValue> With(Dictionary<TKey, TValue?> changes)
    {
        if (changes.Count == 0)
        {
            return this;
        }

        if (Count + changes.Count > (long)_pageCount * EntriesPerFullPage)
        {
            return Rebuild(changes);
        }

        var segments = (Page[][])_segments.Clone();
        var count = Count;
        foreach (var (key, value) in changes)
        {
            var hash = key.GetHashCode();
            var index = hash & (_pageCount - 1);
            ref var segment = ref segments[index / PagesPerSegment];
            if (ReferenceEquals(segment, _segments[index / PagesPerSegment]))
            {
                segment = (Page[])segment.Clone();
            }

            ref var page = ref segment[index % PagesPerSegment];
            var before = page.Entries?.Length ?? 0;
            page = page.With(hash, key, value);
            count += page.Entries.Length - before;
        }

        return new(segments, _pageCount, count);
    }

    private PagedTable<TKey, TValue> Rebuild(Dictionary<TKey, TValue?> changes)
    {
        var entries = new List<KeyValuePair<TKey, TValue>>(Count + changes.Count);
        entries.AddRange(Entries.Where(entry => !changes.ContainsKey(entry.Key)));
        entries.AddRange(changes.Where(change => change.Value is not null).Select(change => KeyValuePair.Create(change.Key, change.Value!)));
        var pageCount = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, entries.Count / EntriesPerNewPage));
        var hashes = new int[entries.Count];
        var sizes = new int[pageCount];
        for (var i = 0; i < hashes.Length; i++)
        {
            hashes[i] = entries[i].Key.GetHashCode();
            sizes[hashes[i] & (pageCount - 1)]++;
        }

        var segments = NewSegments(pageCount);
        for (var i = 0; i < hashes.Length; i++)
        {
            var index = hashes[i] & (pageCount - 1);
            ref var page = ref segments[index / PagesPerSegment][index % PagesPerSegment];
            if (page.Entries is null)
            {
                page = new(new int[sizes[index]], new KeyValuePair<TKey, TValue>[sizes[index]]);
            }

            var position = --sizes[index];
            page.Hashes[position] = hashes[i];
            page.Entries[position] = entries[i];
        }

        return new(segments, pageCount, entries.Count);
    }

    private static Page[][] NewSegments(int pageCount)
    {
        var segments = new Page[(pageCount + PagesPerSegment - 1) / PagesPerSegment][];
        for (var i = 0; i < segments.Length; i++)
        {
            segments[i] = new Page[Math.Min(pageCount, PagesPerSegment)];
        }

        return segments;
    }

    private readonly struct Page(int[] hashes, KeyValuePair<TKey, TValue>[] entries)
    {
        public readonly int[] Hashes = hashes;
        public readonly KeyValuePair<TKey, TValue>[] Entries = entries;

        public int Find(int hash, TKey key)
        {
            var start = 0;
            ReadOnlySpan<int> rest = Hashes;
            while (true)
            {
                var found = rest.IndexOf(hash);
                if (found < 0)
                {
                    return -1;
                }

                if (Entries[start + found].Key.Equals(key))
                {
                    return start + found;
                }

                start += found + 1;
                rest = rest[(found + 1)..];
            }
        }

        public Page With(int hash, TKey key, TValue? value)
        {
            var position = Find(hash, key);
            if (value is null)
            {
                return position < 0 ? new(Hashes ?? [], Entries ?? []) : new(Without(Hashes, position), Without(Entries, position));
            }

            var entry = KeyValuePair.Create(key, value);
            if (position < 0)
            {
                return new([.. Hashes ?? [], hash], [.. Entries ?? [], entry]);
            }

            var entries = (KeyValuePair<TKey, TValue>[])Entries.Clone();
            entries[position] = entry;
            return new(Hashes, entries);
        }

        private static T[] Without<T>(T[] items, int position) => [.. items.AsSpan(0, position), .. items.AsSpan(position + 1)];
    }
}
