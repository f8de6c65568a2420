using System.Numerics;

namespace Pltfrms.Iam.Common.Realms;

/// <summary>
/// An immutable hash table whose successors share what did not change: a change copies one page of some 30 values and the path to it,
/// however large the table is. A lookup compares the hashes of one page at once, so it costs little more than in a mutable dictionary.
/// A whole table is built by counting, into two arrays that its pages are slices of, without looking at the values again.
/// </summary>
internal sealed class PagedTable<TKey, TValue, TOrder>
    where TKey : notnull, IEquatable<TKey>
    where TValue : class
    where TOrder : struct, ITableOrder<TKey, TValue>
{
    private const int PagesPerSegment = 256;
    private const int ValuesPerNewPage = 16;
    private const int ValuesPerFullPage = 48;

    public static readonly PagedTable<TKey, TValue, TOrder> Empty = Create([], []);

    private readonly TablePage<TKey, TValue, TOrder>[][] _segments;
    private readonly int _pageCount;

    /// <summary>How many changes were made since the arrays were built: what they replaced is kept in memory by the pages beside it.</summary>
    private readonly int _changes;

    private PagedTable(TablePage<TKey, TValue, TOrder>[][] segments, int pageCount, int count, int changes)
    {
        _segments = segments;
        _pageCount = pageCount;
        _changes = changes;
        Count = count;
    }

    public int Count { get; }

    public IEnumerable<TValue> Values => _segments.SelectMany(segment => segment).SelectMany(page => page.Values);

    /// <summary>Of values and their keys' hashes; of several values that are the same entry the last counts.</summary>
    public static PagedTable<TKey, TValue, TOrder> Create(ReadOnlySpan<int> hashes, ReadOnlySpan<TValue> values)
    {
        // Sorted by segment first, so that the second sorting, by page, writes only where the processor's caches reach.
        var pageCount = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, values.Length / ValuesPerNewPage));
        var segments = new TablePage<TKey, TValue, TOrder>[(pageCount + PagesPerSegment - 1) / PagesPerSegment][];
        var pagesPerSegment = pageCount / segments.Length;
        var (sortedHashes, sortedValues) = (new int[hashes.Length], new TValue[hashes.Length]);
        Span<int> segmentEnds = new int[segments.Length];
        Sort(hashes, values, BitOperations.Log2((uint)pagesPerSegment), sortedHashes, sortedValues, segmentEnds);

        var (start, count) = (0, 0);
        Span<int> pageEnds = stackalloc int[pagesPerSegment];
        for (var i = 0; i < segments.Length; i++)
        {
            var length = segmentEnds[i] - start;
            int[] segmentHashes = [.. sortedHashes.AsSpan(start, length)];
            TValue[] segmentValues = [.. sortedValues.AsSpan(start, length)];
            Sort(segmentHashes, segmentValues, 0, sortedHashes.AsSpan(start, length), sortedValues.AsSpan(start, length), pageEnds);
            segments[i] = new TablePage<TKey, TValue, TOrder>[pagesPerSegment];
            var pageStart = 0;
            for (var page = 0; page < pagesPerSegment; page++)
            {
                segments[i][page] = TablePage<TKey, TValue, TOrder>.Create(sortedHashes, sortedValues, start + pageStart, pageEnds[page] - pageStart);
                count += segments[i][page].Count;
                pageStart = pageEnds[page];
            }

            start += length;
        }

        return new(segments, pageCount, count, changes: 0);
    }

    /// <summary>The only or first value of a key.</summary>
    public TValue? Find(TKey key)
    {
        var found = FindAll(key);
        return found.Count == 0 ? null : found[0];
    }

    /// <summary>All values of a key, in order.</summary>
    public ArraySegment<TValue> FindAll(TKey key)
    {
        var hash = key.GetHashCode();
        var index = hash & (_pageCount - 1);
        return _segments[index / PagesPerSegment][index % PagesPerSegment].FindAll(hash, key);
    }

    /// <summary>The table without some of its values, then with some that are new or take the place of the same entry.</summary>
    public PagedTable<TKey, TValue, TOrder> With(IReadOnlyCollection<TValue> removed, List<TValue> added)
    {
        if (removed.Count + added.Count == 0)
        {
            return this;
        }

        var changes = _changes + removed.Count + added.Count;
        if (Count + added.Count > (long)_pageCount * ValuesPerFullPage || changes > Count + ValuesPerFullPage)
        {
            return Rebuild(removed, added);
        }

        var segments = (TablePage<TKey, TValue, TOrder>[][])_segments.Clone();
        var count = Count;
        foreach (var value in removed)
        {
            ref var page = ref PageOf(value, segments, out var hash);
            page = page.Without(hash, value);
            count--;
        }

        foreach (var value in added)
        {
            ref var page = ref PageOf(value, segments, out var hash);
            count -= page.Count;
            page = page.With(hash, value);
            count += page.Count;
        }

        return new(segments, _pageCount, count, changes);
    }

    private PagedTable<TKey, TValue, TOrder> Rebuild(IReadOnlyCollection<TValue> removed, List<TValue> added)
    {
        var gone = new HashSet<TValue>(removed, ReferenceEqualityComparer.Instance);
        var rebuilt = new PagedTableBuilder<TKey, TValue, TOrder>();
        foreach (var value in Values.Where(value => !gone.Contains(value)).Concat(added))
        {
            rebuilt.Add(value);
        }

        return rebuilt.Build();
    }

    /// <summary>By some bits of their hashes, equal ones in the order that they came in, into as many parts as there are ends.</summary>
    private static void Sort(
        ReadOnlySpan<int> hashes, ReadOnlySpan<TValue> values, int shift, Span<int> sortedHashes, Span<TValue> sortedValues, Span<int> ends)
    {
        var mask = ends.Length - 1;
        ends.Clear();
        foreach (var hash in hashes)
        {
            ends[(hash >> shift) & mask]++;
        }

        var start = 0;
        foreach (ref var size in ends)
        {
            (size, start) = (start, start + size);
        }

        for (var i = 0; i < hashes.Length; i++)
        {
            var position = ends[(hashes[i] >> shift) & mask]++;
            sortedHashes[position] = hashes[i];
            sortedValues[position] = values[i];
        }
    }

    /// <summary>The page that a value is in or belongs into, in a segment that no other table has.</summary>
    private ref TablePage<TKey, TValue, TOrder> PageOf(TValue value, TablePage<TKey, TValue, TOrder>[][] segments, out int hash)
    {
        hash = TOrder.KeyOf(value).GetHashCode();
        var index = hash & (_pageCount - 1);
        ref var segment = ref segments[index / PagesPerSegment];
        if (ReferenceEquals(segment, _segments[index / PagesPerSegment]))
        {
            segment = (TablePage<TKey, TValue, TOrder>[])segment.Clone();
        }

        return ref segment[index % PagesPerSegment];
    }
}
