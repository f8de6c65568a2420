namespace Pltfrms.Iam.Common.Scopes;

/// <summary>Collects what one step did. Where nobody asks there is no trace, and <c>?.</c> skips the making of the explanations too.</summary>
internal sealed class ScopeTrace(string step, List<ScopeStepRecord> records)
{
    public void Kept(string scope, string rule, string explanation) =>
        records.Add(new(step, scope, ScopeStepEffect.Kept, rule, explanation));

    public void Dropped(string scope, string rule, string explanation) =>
        records.Add(new(step, scope, ScopeStepEffect.Dropped, rule, explanation));

    public void Added(string scope, string rule, string explanation) =>
        records.Add(new(step, scope, ScopeStepEffect.Added, rule, explanation));
}
