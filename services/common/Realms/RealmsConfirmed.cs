namespace Pltfrms.Iam.Common.Realms;

/// <summary>What a stream of confirmations says.</summary>
/// <param name="Moved">Realms of which it said nothing before, or something else; revision 0: there is no such realm.</param>
/// <param name="IsLast">Whether it is said of all realms now, those that are not in <paramref name="Moved"/> too.</param>
public sealed record RealmsConfirmed(IReadOnlyList<(long FollowId, RealmPosition Position)> Moved, bool IsLast);

/// <summary>A realm to hear of, or no longer.</summary>
/// <param name="FollowId">Never used for another.</param>
/// <param name="RealmId">Null: no longer.</param>
public readonly record struct FollowedRealm(long FollowId, string? RealmId);
