using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.RealmAdmin.Access;

namespace Pltfrms.Iam.RealmAdmin.Plans;

/// <summary>Tells what changes to a realm mean for those who have access, and for what was granted.</summary>
/// <remarks>
/// Compares two compiled snapshots, principal by principal, and only those whom the changes can concern (<see cref="AffectedPrincipals"/>):
/// O(bindings of each × contexts that it is bound in) for each of these, whatever the size of the realm.
/// </remarks>
public sealed class EffectOfChanges(LiveGrants grants, TimeProvider clock)
{
    /// <exception cref="IamException">SERVICE_UNAVAILABLE where grants may be touched and the token service does not say which there are.</exception>
    internal async Task<ChangeEffect> ExecuteAsync(RealmSides sides, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var comparison = new AccessComparison(sides, now);
        var reasons = new AccessReasons(sides, now);
        var summary = new EffectSummary(sides);
        Dictionary<Principal, IReadOnlyList<AccessChange>> lessened = [];
        List<(AccessChange Change, string Reason)> listed = [];
        long count = 0;
        foreach (var principal in sides.Principals.Where(sides.Sees))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var changes = comparison.Changes(principal);
            listed.AddRange(changes.Take(ChangeEffect.MostListed - listed.Count).Select(change => (change, reasons.Of(change))));
            count += changes.Count;
            summary.Add(changes);
            if (changes.Where(change => change.Lessens).ToList() is { Count: > 0 } less)
            {
                lessened.Add(principal, less);
            }
        }

        var (touched, touchedCount) = await TouchedAsync(new GrantEffects(sides, comparison, lessened), sides, cancellationToken);
        return new ChangeEffect
        {
            AccessChanges = listed,
            AccessChangeCount = count,
            GrantChanges = touched,
            GrantChangeCount = touchedCount,
            Summary = summary.Sentences(touchedCount),
        };
    }

    private async Task<(IReadOnlyList<GrantChange> Listed, long Count)> TouchedAsync(
        GrantEffects effects, RealmSides sides, CancellationToken cancellationToken)
    {
        SortedDictionary<string, GrantChange> listed = new(StringComparer.Ordinal);
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (var principal in effects.Whose())
        {
            await foreach (var grant in grants.ListAsync(sides.Before.RealmId, principal, cancellationToken))
            {
                // A grant of an affected user to an affected client is listed for both.
                if (sides.Contains(grant.OrganizationId.Length > 0 ? grant.OrganizationId : null) && effects.Of(grant) is { } change && seen.Add(grant.GrantId))
                {
                    listed.Add(grant.GrantId, change);
                    if (listed.Count > ChangeEffect.MostListed)
                    {
                        listed.Remove(listed.Keys.Last());
                    }
                }
            }
        }

        return ([.. listed.Values], seen.Count);
    }
}
