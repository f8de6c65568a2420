using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Scopes;
using Wire = Pltfrms.Iam.Consent.V1;

namespace Pltfrms.Iam.Consent.Pipeline;

/// <summary>Explanations between contract and records.</summary>
internal static class ScopeMapping
{
    public static ScopeQuestion ToRecord(this Wire.ExplainScopesRequest request) => new()
    {
        RealmId = request.RealmId,
        ClientId = request.ClientId,
        UserId = request.UserId,
        GrantType = request.GrantType,
        Scopes = request.Scopes.ToValueList(),
        OrganizationId = request.OrganizationId,
        Acr = request.Acr,
        Amr = request.Amr.ToValueList(),
        LoginRoleIds = request.LoginRoleIds.ToValueList(),
        SourceAddress = request.SourceAddress,
        MinRevision = request.MinRevision,
    };

    public static Wire.ExplainScopesResponse ToWire(this ScopeExplanation explanation) => new()
    {
        OfferedScopes = { explanation.Offered },
        GrantedScopes = { explanation.Granted },
        Steps = { explanation.Steps.Select(ToWire) },
        Revision = explanation.Revision,
    };

    private static Wire.ScopeStep ToWire(ScopeStepRecord step) => new()
    {
        Step = step.Step,
        Scope = step.Scope,
        Effect = step.Effect switch
        {
            ScopeStepEffect.Kept => Wire.ScopeEffect.Kept,
            ScopeStepEffect.Dropped => Wire.ScopeEffect.Dropped,
            _ => Wire.ScopeEffect.Added,
        },
        Rule = step.Rule,
        Explanation = step.Explanation,
    };
}
