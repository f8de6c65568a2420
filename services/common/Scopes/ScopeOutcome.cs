namespace Pltfrms.Iam.Common.Scopes;

/// <summary>The scopes that are left after some steps of the pipeline.</summary>
/// <param name="Scopes">In the order asked for, without duplicates. None left is not an error here: the grant decides.</param>
/// <param name="Steps">What each step did; empty unless <see cref="ScopeRequest.Explain"/> asks for it.</param>
public sealed record ScopeOutcome(IReadOnlyList<string> Scopes, IReadOnlyList<ScopeStepRecord> Steps);

/// <summary>What one step did to one scope.</summary>
/// <param name="Step">"scope_policy", "registration", "conditions", "transformations" or "granted_scopes_processors".</param>
/// <param name="Scope">The scope; empty: the request as a whole.</param>
/// <param name="Effect">What happened to it.</param>
/// <param name="Rule">The condition's, transformation's or processor's name, or the policy's mode; empty: the step's own rule.</param>
/// <param name="Explanation">The fact that made it so, in words for an operator.</param>
public sealed record ScopeStepRecord(string Step, string Scope, ScopeStepEffect Effect, string Rule, string Explanation);

public enum ScopeStepEffect
{
    Kept,
    Dropped,
    Added,
}
