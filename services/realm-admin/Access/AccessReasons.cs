using System.Globalization;
using Pltfrms.Iam.Common.Realms;

namespace Pltfrms.Iam.RealmAdmin.Access;

/// <summary>Says why access changes, in words for those who decide about the change.</summary>
internal sealed class AccessReasons(RealmSides sides, DateTimeOffset now)
{
    public string Of(AccessChange change) => change.Effect switch
    {
        AccessEffect.Lost => Lost(change),
        AccessEffect.Gained => Gained(change),
        _ => $"Before: {Best(sides.Before, change)}. Afterwards: {Best(sides.After, change)}.",
    };

    private string Lost(AccessChange change)
    {
        var paths = Paths(sides.Before, change);
        var others = paths.Count == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" Nor does any of {paths.Count - 1} other role bindings give it.");
        return $"{Sentences.Capital(BreakOf(sides.After, paths[0], change).Gone)}. Before: {paths[0].Words(change.Principal)}.{others}";
    }

    private string Gained(AccessChange change)
    {
        var path = Paths(sides.After, change)[0];
        return $"{Sentences.Capital(BreakOf(sides.Before, path, change).New)}. Afterwards: {path.Words(change.Principal)}.";
    }

    private PathBreak BreakOf(RealmSnapshot realm, AccessPath path, AccessChange change) =>
        PathBreak.Find(sides, realm, path, change.Principal, sides.PlaceIn(realm, change.OrganizationId), change.Permission);

    private string Best(RealmSnapshot realm, AccessChange change) => Paths(realm, change)[0].Words(change.Principal);

    private IReadOnlyList<AccessPath> Paths(RealmSnapshot realm, AccessChange change) =>
        AccessPaths.BestTo(realm, change.Principal, sides.PlaceIn(realm, change.OrganizationId), change.Permission, now);
}
