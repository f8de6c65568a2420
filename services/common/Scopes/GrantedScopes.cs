using Pltfrms.Iam.Common.Realms;

namespace Pltfrms.Iam.Common.Scopes;

/// <summary>Step 6 of the scope pipeline: the granted-scopes processors, the last filter before a token.</summary>
public static class GrantedScopes
{
    public static ScopeOutcome Filter(RealmSnapshot realm, ScopeRequest request, IReadOnlyList<string> grantedScopes) =>
        throw new NotImplementedException();
}
