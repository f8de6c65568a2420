namespace Pltfrms.Iam.RealmAdmin.Paging;

/// <summary>A page of a list.</summary>
/// <param name="Items">Ordered by id.</param>
/// <param name="NextPageToken">Empty: this is the last.</param>
/// <param name="Revision">What the realm had when the page was read.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string NextPageToken, long Revision);

/// <summary>What a list request asks for.</summary>
/// <param name="Size">0: <see cref="DefaultSize"/>; more than <see cref="LargestSize"/> is read as that.</param>
/// <param name="Token">Empty: the first page.</param>
public readonly record struct PageRequest(int Size, string Token)
{
    public const int DefaultSize = 100;
    public const int LargestSize = 1_000;

    public int Limit => Size == 0 ? DefaultSize : Math.Min(Size, LargestSize);
}
