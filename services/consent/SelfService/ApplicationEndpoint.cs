using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Consent.Consents;
using Pltfrms.Iam.Consent.Pages;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Consent.SelfService;

/// <summary>
/// <c>/realms/{realm}/account/applications/{client}</c> for a bearer of the user's token: PATCH changes the decision about one scope, DELETE forgets
/// one (<c>?scope=…&amp;organization_id=…</c>) or the whole client.
/// </summary>
public sealed class ApplicationEndpoint(SelfServiceTokens tokens, ConsentActions consents)
{
    public const string Path = "/account/applications/{client}";

    public async Task PatchAsync(HttpContext context)
    {
        var realmId = PageRoutes.RealmOf(context);
        var userId = await tokens.RequireUserAsync(context.Request, realmId, context.RequestAborted);
        var json = await RequestBody.ReadJsonAsync(context.Request, context.RequestAborted);
        var change = new OwnChange(realmId, userId, PageRoutes.Value(context, "client"), json.Text("organization_id"), json.Text("scope"));
        await AnswerAsync(context, await change.DecideAsync(consents, Decision(json.Text("decision")), context.RequestAborted));
    }

    public async Task DeleteAsync(HttpContext context)
    {
        var realmId = PageRoutes.RealmOf(context);
        var userId = await tokens.RequireUserAsync(context.Request, realmId, context.RequestAborted);
        var change = new OwnChange(
            realmId, userId, PageRoutes.Value(context, "client"), One(context.Request, "organization_id"), One(context.Request, "scope"));
        // With any of them, one decision is meant; a scope that is empty by mistake must not forget all.
        var isOne = context.Request.Query.ContainsKey("scope") || context.Request.Query.ContainsKey("organization_id");
        var effect = await (isOne ? change.ForgetAsync(consents, context.RequestAborted) : change.RevokeAsync(consents, context.RequestAborted));
        await AnswerAsync(context, effect);
    }

    /// <summary>204 where it is done; 202 where tokens of before may still be good for a while (RFC 9110 section 15.3.3).</summary>
    private static Task AnswerAsync(HttpContext context, ChangeEffect effect)
    {
        if (effect == ChangeEffect.Now)
        {
            PageResponse.NoContent(context);
            return Task.CompletedTask;
        }

        context.Response.StatusCode = StatusCodes.Status202Accepted;
        return PageResponse.WriteJsonAsync(context, writer => writer.WriteString("effective", "pending"));
    }

    private static string One(HttpRequest request, string name) => request.Query[name] switch
    {
        [] => "",
        [var value] => value ?? "",
        _ => throw new IamException(ErrorReason.InvalidRequest, $"{name} is included more than once."),
    };

    private static ConsentDecision Decision(string decision) => decision switch
    {
        "granted" => ConsentDecision.Granted,
        "denied" => ConsentDecision.Denied,
        _ => throw new IamException(ErrorReason.InvalidRequest, "decision must be granted or denied."),
    };
}
