using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;

namespace Pltfrms.Iam.RealmAdmin.Access;

/// <summary>
/// What one principal may do before and after changes. Contexts are compared from above to below: what differs for an organization in the same way
/// as for the one above it is said there. An organization that is on one side only is taken for a part of the one above it on the other side:
/// that those who are bound above may act in a new one, too, is no news.
/// </summary>
internal sealed class AccessComparison(RealmSides sides, DateTimeOffset now)
{
    /// <summary>Ordered by context and permission.</summary>
    public IReadOnlyList<AccessChange> Changes(Principal principal)
    {
        var standings = new Dictionary<(RealmSnapshot, Context), Dictionary<string, string>>();
        List<AccessChange> changes = [];
        foreach (var organizationId in sides.ContextsOf(principal))
        {
            var above = organizationId is null || !sides.Contains(ParentOf(organizationId)) ? [] : Differences(principal, ParentOf(organizationId), standings).ToHashSet();
            changes.AddRange(Differences(principal, organizationId, standings)
                .Where(difference => !above.Contains(difference))
                .Select(difference => new AccessChange(principal, organizationId, difference.Permission, difference.Effect, difference.Conditional))
                .OrderBy(change => change.Permission, StringComparer.Ordinal));
        }

        return changes;
    }

    /// <summary>The permissions that a principal has in exactly this context on both sides or one, and that some request may lose.</summary>
    public IReadOnlySet<string> Lessened(Principal principal, string? organizationId) => Differences(principal, organizationId, [])
        .Where(difference => new AccessChange(principal, organizationId, difference.Permission, difference.Effect, difference.Conditional).Lessens)
        .Select(difference => difference.Permission)
        .ToHashSet(StringComparer.Ordinal);

    private IEnumerable<Difference> Differences(
        Principal principal, string? organizationId, Dictionary<(RealmSnapshot, Context), Dictionary<string, string>> standings)
    {
        if (organizationId is not null && !IsComparable(organizationId))
        {
            return [];
        }

        var before = Standings(sides.Before, principal, organizationId, standings);
        var after = Standings(sides.After, principal, organizationId, standings);
        return before.Keys.Union(after.Keys)
            .Select(permission => Compare(permission, before.GetValueOrDefault(permission), after.GetValueOrDefault(permission)))
            .OfType<Difference>();
    }

    private static Difference? Compare(string permission, string? before, string? after) => (before, after) switch
    {
        _ when before == after => null,
        (null, _) => new(permission, AccessEffect.Gained, after != BindingTerms.None),
        (_, null) => new(permission, AccessEffect.Lost, before != BindingTerms.None),
        _ => new(permission, AccessEffect.ConditionsChanged, after != BindingTerms.None),
    };

    /// <summary>By permission the terms on which it is had.</summary>
    private Dictionary<string, string> Standings(
        RealmSnapshot realm,
        Principal principal,
        string? organizationId,
        Dictionary<(RealmSnapshot, Context), Dictionary<string, string>> known)
    {
        var place = sides.PlaceIn(realm, organizationId);
        if (known.TryGetValue((realm, new(place)), out var standings))
        {
            return standings;
        }

        standings = known[(realm, new(place))] = new(StringComparer.Ordinal);
        var isUsable = Principals.IsEnabled(realm, principal) && (place is null || realm.IsUsableOrganization(place));
        var holdings = isUsable ? PermissionEvaluator.Holdings(realm, principal, place) : [];
        var terms = holdings
            .Where(holding => !BindingTerms.IsOver(holding.Binding, now))
            .SelectMany(holding => holding.PathsByPermission.Keys, (holding, permission) => (permission, Terms: BindingTerms.Of(holding.Binding, realm.Realm.AcrValues)))
            .GroupBy(holding => holding.permission, holding => holding.Terms, StringComparer.Ordinal);
        foreach (var permission in terms)
        {
            var all = permission.Distinct().Order(StringComparer.Ordinal).ToList();
            standings[permission.Key] = all[0] == BindingTerms.None ? BindingTerms.None : string.Join('\n', all);
        }

        return standings;
    }

    /// <summary>Nothing is new about an organization that is on one side only and cannot be used there.</summary>
    private bool IsComparable(string organizationId) =>
        (sides.Before.FindOrganization(organizationId) is not null || sides.After.IsUsableOrganization(organizationId))
        && (sides.After.FindOrganization(organizationId) is not null || sides.Before.IsUsableOrganization(organizationId));

    private string? ParentOf(string organizationId) =>
        (sides.After.FindOrganization(organizationId) ?? sides.Before.FindOrganization(organizationId))?.ParentOrganizationId;

    private sealed record Difference(string Permission, AccessEffect Effect, bool Conditional);

    private readonly record struct Context(string? OrganizationId);
}
