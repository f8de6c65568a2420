using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Common.Scopes;

/// <summary>Step 6: the realm's processors in order, each over what those before it left. They only ever take away.</summary>
internal static class GrantedScopesProcessors
{
    public static void Apply(RealmSnapshot realm, ScopeRequest request, List<string> scopes, ScopeTrace? trace)
    {
        foreach (var processor in realm.Realm.ScopePipeline.GrantedScopesProcessors)
        {
            var kept = 0;
            for (var i = 0; i < scopes.Count; i++)
            {
                var scope = scopes[i];
                if (Keeps(realm, request, processor, scope))
                {
                    scopes[kept++] = scope;
                }
                else
                {
                    trace?.Dropped(scope, processor.Name, Explain(realm, request, processor, scope));
                }
            }

            scopes.RemoveRange(kept, scopes.Count - kept);
        }

        if (trace is not null)
        {
            foreach (var scope in scopes)
            {
                trace.Kept(scope, "", "no processor takes it away");
            }
        }
    }

    /// <summary>A processor that says nothing keeps nothing: what it was meant to take away is not known.</summary>
    private static bool Keeps(RealmSnapshot realm, ScopeRequest request, GrantedScopesProcessor processor, string scope) => processor switch
    {
        { Whitelist: { } whitelist } => ScopeNames.MatchAny(whitelist, scope),
        { CapByRole: { } cap } => RoleConditions.Allow(realm, request, cap, scope),
        { DropByOrganization: { } drop } => !Drops(realm, request.OrganizationId, drop, scope),
        _ => false,
    };

    private static bool Drops(RealmSnapshot realm, string? organizationId, DropByOrganization drop, string scope)
    {
        if (organizationId is null || !ScopeNames.MatchAny(drop.Scopes, scope))
        {
            return false;
        }

        foreach (var dropping in drop.OrganizationIds)
        {
            if (realm.IsWithin(organizationId, dropping))
            {
                return true;
            }
        }

        return false;
    }

    private static string Explain(RealmSnapshot realm, ScopeRequest request, GrantedScopesProcessor processor, string scope) => processor switch
    {
        { Whitelist: not null } => "not on the whitelist",
        { CapByRole: { } cap } => RoleConditions.Explain(realm, request, cap, scope),
        { DropByOrganization: not null } => $"not granted in organization {request.OrganizationId}",
        _ => "the processor says nothing that could keep it",
    };
}
