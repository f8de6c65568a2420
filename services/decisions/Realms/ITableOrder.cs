using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Common.Realms;

/// <summary>What a <see cref="PagedTable{TKey, TValue, TOrder}"/> finds its values by, and how it orders them.</summary>
internal interface ITableOrder<TKey, TValue>
{
    static abstract TKey KeyOf(TValue value);

    /// <summary>A total order in which values of one key are neighbours; two that compare as equal are the same entry.</summary>
    static abstract int Compare(TValue one, TValue other);
}

/// <summary>One value for each id.</summary>
internal readonly struct ById<T> : ITableOrder<string, T>
    where T : IRealmResource
{
    public static string KeyOf(T value) => value.Id;

    public static int Compare(T one, T other) => string.CompareOrdinal(one.Id, other.Id);
}
