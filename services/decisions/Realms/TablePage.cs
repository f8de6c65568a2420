namespace Pltfrms.Iam.Common.Realms;

/// <summary>
/// Some values and their keys' hashes, those of equal hashes side by side and ordered by <typeparamref name="TOrder"/>:
/// a slice of arrays that it may share with other pages of its table.
/// </summary>
internal readonly struct TablePage<TKey, TValue, TOrder>(int[] hashes, TValue[] values, int start, int count)
    where TKey : notnull, IEquatable<TKey>
    where TValue : class
    where TOrder : struct, ITableOrder<TKey, TValue>
{
    public int Count => count;

    public ArraySegment<TValue> Values => new(values, start, count);

    private ReadOnlySpan<int> Hashes => hashes.AsSpan(start, count);

    /// <summary>Of a slice that nobody else has yet, in any order.</summary>
    public static TablePage<TKey, TValue, TOrder> Create(int[] hashes, TValue[] values, int start, int count)
    {
        var page = new TablePage<TKey, TValue, TOrder>(hashes, values, start, 0);
        for (var i = start; i < start + count; i++)
        {
            // Nearly all are where they belong: writing them there again would fetch each from memory, to see that it fits the array.
            page = i == start + page.Count && page.Hashes.IndexOf(hashes[i]) < 0
                ? new(hashes, values, start, page.Count + 1)
                : page.Insert(hashes[i], values[i]);
        }

        return page;
    }

    public ArraySegment<TValue> FindAll(int hash, TKey key)
    {
        var hashes = Hashes;
        var first = hashes.IndexOf(hash);
        if (first < 0)
        {
            return ArraySegment<TValue>.Empty;
        }

        var others = hashes[first..].IndexOfAnyExcept(hash);
        var end = others < 0 ? count : first + others;

        // Of equal hashes nearly always all are of one key.
        while (first < end && !TOrder.KeyOf(values[start + first]).Equals(key))
        {
            first++;
        }

        while (first < end && !TOrder.KeyOf(values[start + end - 1]).Equals(key))
        {
            end--;
        }

        return new(values, start + first, end - first);
    }

    public TablePage<TKey, TValue, TOrder> With(int hash, TValue value)
    {
        var (newHashes, newValues) = (new int[count + 1], new TValue[count + 1]);
        Hashes.CopyTo(newHashes);
        Values.CopyTo(newValues);
        return new TablePage<TKey, TValue, TOrder>(newHashes, newValues, 0, count).Insert(hash, value);
    }

    public TablePage<TKey, TValue, TOrder> Without(int hash, TValue value)
    {
        var position = PositionOf(hash, value, out _);
        var rest = start + position + 1;
        int[] newHashes = [.. hashes.AsSpan(start, position), .. hashes.AsSpan(rest, count - position - 1)];
        TValue[] newValues = [.. values.AsSpan(start, position), .. values.AsSpan(rest, count - position - 1)];
        return new(newHashes, newValues, 0, count - 1);
    }

    /// <summary>In place: there is room behind the slice, or the value takes the place of the same entry.</summary>
    private TablePage<TKey, TValue, TOrder> Insert(int hash, TValue value)
    {
        var position = PositionOf(hash, value, out var isKnown);
        if (!isKnown && position < count)
        {
            Array.Copy(hashes, start + position, hashes, start + position + 1, count - position);
            Array.Copy(values, start + position, values, start + position + 1, count - position);
        }

        hashes[start + position] = hash;
        values[start + position] = value;
        return isKnown ? this : new(hashes, values, start, count + 1);
    }

    /// <summary>Where a value is, or belongs.</summary>
    private int PositionOf(int hash, TValue value, out bool isKnown)
    {
        isKnown = false;
        var position = Hashes.IndexOf(hash);
        if (position < 0)
        {
            return count;
        }

        var order = 1;
        while (position < count && hashes[start + position] == hash && (order = TOrder.Compare(value, values[start + position])) > 0)
        {
            position++;
        }

        isKnown = order == 0;
        return position;
    }
}
