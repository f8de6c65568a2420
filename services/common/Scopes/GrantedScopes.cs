using Pltfrms.Iam.Common.Realms;

namespace Pltfrms.Iam.Common.Scopes;

/// <summary>Step 6 of the scope pipeline: the granted-scopes processors, the last filter before a token.</summary>
public static class GrantedScopes
{
    public static ScopeOutcome Filter(RealmSnapshot realm, ScopeRequest request, IReadOnlyList<string> grantedScopes)
    {
        var records = request.Explain ? new List<ScopeStepRecord>() : null;
        var trace = records is null ? null : new ScopeTrace("granted_scopes_processors", records);

        var scopes = ScopeNames.Distinct(grantedScopes);
        GrantedScopesProcessors.Apply(realm, request, scopes, trace);

        return new(scopes, records ?? []);
    }
}
