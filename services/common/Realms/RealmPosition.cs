namespace Pltfrms.Iam.Common.Realms;

/// <summary>What a follower of a realm has of it.</summary>
/// <param name="Revision">The realm's revision; 0: it has nothing.</param>
/// <param name="CreatedAt">When the realm was made: a realm made again under the same id is another one. Null: whichever there is.</param>
public readonly record struct RealmPosition(long Revision, DateTimeOffset? CreatedAt)
{
    public static RealmPosition Start => default;
}
