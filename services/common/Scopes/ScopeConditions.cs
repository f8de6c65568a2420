using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Common.Scopes;

/// <summary>Step 3: the first condition that speaks of a scope and is met allows it. A realm without conditions allows every registered scope.</summary>
internal static class ScopeConditions
{
    public static void Apply(RealmSnapshot realm, ScopeRequest request, List<string> scopes, ScopeTrace? trace)
    {
        var conditions = realm.Realm.ScopePipeline.Conditions;
        var kept = 0;
        for (var i = 0; i < scopes.Count; i++)
        {
            var scope = scopes[i];
            if (conditions.Count == 0)
            {
                trace?.Kept(scope, "", "the realm has no scope conditions");
                scopes[kept++] = scope;
            }
            else if (FindMet(realm, request, conditions, scope) is { } met)
            {
                trace?.Kept(scope, met.Name, Explain(realm, request, met, scope));
                scopes[kept++] = scope;
            }
            else if (trace is not null)
            {
                ExplainDrop(realm, request, scope, trace);
            }
        }

        scopes.RemoveRange(kept, scopes.Count - kept);
    }

    private static ScopeCondition? FindMet(RealmSnapshot realm, ScopeRequest request, ValueList<ScopeCondition> conditions, string scope)
    {
        foreach (var condition in conditions)
        {
            if (SpeaksOf(condition, scope) && IsMet(realm, request, condition, scope))
            {
                return condition;
            }
        }

        return null;
    }

    private static bool SpeaksOf(ScopeCondition condition, string scope) =>
        condition.Scopes.Count == 0 || ScopeNames.MatchAny(condition.Scopes, scope);

    /// <summary>A condition that says neither role nor flow is none that can be met.</summary>
    private static bool IsMet(RealmSnapshot realm, ScopeRequest request, ScopeCondition condition, string scope) => condition switch
    {
        { Role: { } role } => RoleConditions.Allow(realm, request, role, scope),
        { Flow: { } flow } => FlowConditions.FirstUnmet(flow, request) is null,
        _ => false,
    };

    private static void ExplainDrop(RealmSnapshot realm, ScopeRequest request, string scope, ScopeTrace trace)
    {
        var speaking = realm.Realm.ScopePipeline.Conditions.Where(condition => SpeaksOf(condition, scope)).ToList();
        if (speaking.Count == 0)
        {
            trace.Dropped(scope, "", "no scope condition speaks of it");
        }
        else
        {
            trace.Dropped(
                scope,
                string.Join(", ", speaking.Select(condition => condition.Name)),
                string.Join("; ", speaking.Select(condition => Explain(realm, request, condition, scope))));
        }
    }

    private static string Explain(RealmSnapshot realm, ScopeRequest request, ScopeCondition condition, string scope) => condition switch
    {
        { Role: { } role } => RoleConditions.Explain(realm, request, role, scope),
        { Flow: { } flow } when FlowConditions.FirstUnmet(flow, request) is { } unmet => FlowConditions.Explain(flow, request, unmet),
        { Flow: not null } => "the flow has what the condition asks for",
        _ => "the condition says nothing that could be met",
    };
}
