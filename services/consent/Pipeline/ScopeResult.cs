using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Scopes;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Consent.Pipeline;

/// <summary>What some steps of the pipeline made of scopes, and why nothing may come of it.</summary>
/// <param name="Scopes">What is left.</param>
/// <param name="Steps">What each step did.</param>
/// <param name="Refusal">INVALID_SCOPE; null: there is none.</param>
public sealed record ScopeResult(IReadOnlyList<string> Scopes, IReadOnlyList<ScopeStepRecord> Steps, IamException? Refusal)
{
    /// <summary>Steps 1 to 3. A request that the realm's scope policy refuses as a whole has a step that says so.</summary>
    public static ScopeResult Of(RealmSnapshot realm, ScopeRequest request)
    {
        try
        {
            return Of(RequestedScopes.Filter(realm, request));
        }
        catch (IamException refusal) when (refusal.Reason == ErrorReason.InvalidScope)
        {
            return new ScopeResult([], [new ScopeStepRecord("scope_policy", "", ScopeStepEffect.Dropped, "mandatory", refusal.Message)], refusal);
        }
    }

    public static ScopeResult Of(ScopeOutcome outcome) => new(outcome.Scopes, outcome.Steps, null);

    /// <summary>The same, refused where no scope is left.</summary>
    public ScopeResult RefusedIfEmpty(string message) =>
        Refusal is null && Scopes.Count == 0 ? this with { Refusal = new IamException(ErrorReason.InvalidScope, message) } : this;
}
