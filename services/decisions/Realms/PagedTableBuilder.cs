using System.Runtime.InteropServices;

namespace Pltfrms.Iam.Common.Realms;

/// <summary>Collects what a table is made of. A value is looked at when it comes, and is in the processor's caches: building a table of a million does not fetch it again.</summary>
internal sealed class PagedTableBuilder<TKey, TValue, TOrder>
    where TKey : notnull, IEquatable<TKey>
    where TValue : class
    where TOrder : struct, ITableOrder<TKey, TValue>
{
    private readonly List<int> _hashes = [];
    private readonly List<TValue> _values = [];

    /// <summary>Takes the place of a former one that is the same entry.</summary>
    public void Add(TValue value)
    {
        _hashes.Add(TOrder.KeyOf(value).GetHashCode());
        _values.Add(value);
    }

    public PagedTable<TKey, TValue, TOrder> Build() =>
        PagedTable<TKey, TValue, TOrder>.Create(CollectionsMarshal.AsSpan(_hashes), CollectionsMarshal.AsSpan(_values));
}
