using Pltfrms.Iam.Common.Realms;

namespace Pltfrms.Iam.Common.Scopes;

/// <summary>Steps 1 to 3 of the scope pipeline: what a user may be offered, or a machine be granted, of what a client asked for.</summary>
public static class RequestedScopes
{
    /// <exception cref="Errors.IamException">INVALID_SCOPE where the realm's scope policy refuses the request.</exception>
    public static ScopeOutcome Filter(RealmSnapshot realm, ScopeRequest request)
    {
        var records = request.Explain ? new List<ScopeStepRecord>() : null;

        var scopes = ScopePolicyStep.Apply(realm, request, TraceOf("scope_policy"));
        RegistrationFilter.Apply(realm, request.Client, scopes, TraceOf("registration"));
        ScopeConditions.Apply(realm, request, scopes, TraceOf("conditions"));
        scopes = ScopeTransformations.Apply(realm, scopes, TraceOf("transformations"));

        return new(scopes, records ?? []);

        ScopeTrace? TraceOf(string step) => records is null ? null : new(step, records);
    }

    /// <summary>Whether the realm's scope policy grants an empty request as it is, so that nothing left is no error.</summary>
    public static bool MayBeEmpty(RealmSnapshot realm, ScopeRequest request) => ScopePolicyStep.MayBeEmpty(realm, request);
}
