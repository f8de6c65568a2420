using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Common.Scopes;

/// <summary>Step 3, after the conditions: renames, expands or drops scopes, each transformation over what those before it left.</summary>
internal static class ScopeTransformations
{
    public static List<string> Apply(RealmSnapshot realm, List<string> scopes, ScopeTrace? trace)
    {
        var before = trace is null ? [] : scopes.ToList();
        foreach (var transformation in realm.Realm.ScopePipeline.Transformations)
        {
            if (scopes.Contains(transformation.Scope))
            {
                scopes = Replace(realm, transformation, scopes, trace);
            }
        }

        foreach (var scope in before.Intersect(scopes))
        {
            trace?.Kept(scope, "", "no transformation takes it away");
        }

        return scopes;
    }

    /// <summary>Puts what is new in the place of the old. Scopes that the realm does not have are left out: nothing could make sense of them.</summary>
    private static List<string> Replace(RealmSnapshot realm, ScopeTransformation transformation, List<string> scopes, ScopeTrace? trace)
    {
        var replacements = transformation.Replacements.Where(realm.HasScope).ToList();
        var replaced = new List<string>(scopes.Count + replacements.Count);
        foreach (var scope in scopes)
        {
            ScopeNames.AddNew(replaced, scope == transformation.Scope ? replacements : [scope]);
        }

        if (!replacements.Contains(transformation.Scope))
        {
            trace?.Dropped(
                transformation.Scope,
                transformation.Name,
                replacements.Count == 0 ? "the transformation drops it" : $"replaced by {string.Join(", ", replacements)}");
        }

        foreach (var added in replacements.Except(scopes))
        {
            trace?.Added(added, transformation.Name, $"replaces {transformation.Scope}");
        }

        return replaced;
    }
}
