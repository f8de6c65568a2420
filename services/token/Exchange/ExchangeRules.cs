using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Token.Exchange;

/// <summary>Finds the rule of the realm that decides an exchange.</summary>
public static class ExchangeRules
{
    /// <summary>The first rule that speaks of the subject, the client, the resource server and the organization; null: none does.</summary>
    public static TokenExchangeRule? Find(ExchangeRequest request)
    {
        var source = request.Delegation is null ? TokenExchangeSource.Token : TokenExchangeSource.Delegation;
        foreach (var rule in request.Realm.Realm.TokenExchange.Rules)
        {
            if (rule.Source == source
                && Allows(rule.SubjectTypes, request.Subject.Subject.Type)
                && Allows(rule.SubjectClientIds, request.Subject.ClientId)
                && Allows(rule.ActorClientIds, request.Client.ClientId)
                && (request.Audience is null || Allows(rule.Audiences, request.Audience))
                && IsWithin(request, rule.OrganizationIds))
            {
                return rule;
            }
        }

        return null;
    }

    private static bool Allows<T>(ValueList<T> allowed, T value) => allowed.Count == 0 || allowed.AsSpan().Contains(value);

    private static bool IsWithin(ExchangeRequest request, ValueList<string> organizationIds)
    {
        if (organizationIds.Count == 0)
        {
            return true;
        }

        foreach (var organizationId in organizationIds)
        {
            if (request.OrganizationId is { } asked && (asked == organizationId || request.Realm.IsWithin(asked, organizationId)))
            {
                return true;
            }
        }

        return false;
    }
}
