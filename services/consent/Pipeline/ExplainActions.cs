using Pltfrms.Iam.Common.Errors;

namespace Pltfrms.Iam.Consent.Pipeline;

/// <summary>The two kinds of explanations: of what happened, and of what would.</summary>
public sealed record ExplainActions(ExplainScopes Scopes, ExplainAuthorization Authorization)
{
    /// <param name="authorizationId">What happened; empty: what would.</param>
    /// <param name="question">What would; nothing in it but the realm with an authorization.</param>
    /// <param name="cancellationToken">The call's.</param>
    /// <exception cref="IamException">As the action's, and INVALID_ARGUMENT where both are asked.</exception>
    public Task<ScopeExplanation> RunAsync(string authorizationId, ScopeQuestion question, CancellationToken cancellationToken)
    {
        if (authorizationId.Length == 0)
        {
            return Scopes.RunAsync(question, cancellationToken);
        }

        return question.IsEmpty
            ? Authorization.RunAsync(question.RealmId, authorizationId, cancellationToken)
            : throw FieldChecks.Wrong("authorization_id", "must be the only field besides realm_id");
    }
}
