using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Token.OAuth;
using Pltfrms.Iam.Token.Realms;

namespace Pltfrms.Iam.Token.AuthZen;

/// <summary>Authorization API 1.0, section 9: the metadata of a realm as a policy decision point, made of its issuer, never of what a request says.</summary>
public sealed class ConfigurationEndpoint(RealmSnapshots realms, Issuers issuers)
{
    public const string Path = "/.well-known/authzen-configuration";

    private const string Caching = "public, max-age=300";

    public async Task HandleAsync(HttpContext context)
    {
        var realm = (await realms.GetLastKnownAsync(OAuthRoutes.RealmOf(context), context.RequestAborted)).Realm;
        context.Response.Headers.CacheControl = Caching;
        await OAuthJson.WriteAsync(context, issuers.Of(realm), static (writer, issuer) =>
        {
            writer.WriteString("policy_decision_point", issuer);
            writer.WriteString("access_evaluation_endpoint", issuer + EvaluationEndpoint.Path);
            writer.WriteString("access_evaluations_endpoint", issuer + EvaluationsEndpoint.Path);
            writer.WriteString("search_subject_endpoint", issuer + SubjectSearchEndpoint.Path);
            writer.WriteString("search_resource_endpoint", issuer + ResourceSearchEndpoint.Path);
            writer.WriteString("search_action_endpoint", issuer + ActionSearchEndpoint.Path);
        });
    }
}
