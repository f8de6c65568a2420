using Pltfrms.Iam.Common.Realms;

namespace Pltfrms.Iam.Common.Scopes;

/// <summary>Steps 1 to 3 of the scope pipeline: what a user may be offered, or a machine be granted, of what a client asked for.</summary>
public static class RequestedScopes
{
    /// <exception cref="Errors.IamException">INVALID_SCOPE where the realm's scope policy refuses the request.</exception>
    public static ScopeOutcome Filter(RealmSnapshot realm, ScopeRequest request) => throw new NotImplementedException();
}
