using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Consent.Consents;
using Pltfrms.Iam.Consent.Dialog;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Consent.Pages;

/// <summary>
/// <c>POST /realms/{realm}/consent/{challenge}/decision</c>: the answer, as JSON from user interfaces and as a form from our own page. A form is
/// believed from the browser that it was shown to; JSON is not something that a foreign page can make a browser send.
/// </summary>
public sealed class DecisionEndpoint(PageChallenges challenges, SubmitDecision submit, FormProofs proofs)
{
    public const string Path = "/consent/{challenge}/decision";

    private const string Accept = "accept";
    private const string Deny = "deny";

    public async Task HandleAsync(HttpContext context)
    {
        if (RequestBody.IsForm(context.Request))
        {
            PageResponse.SeeOther(context, await SubmitFormAsync(context));
            return;
        }

        var redirectTo = await SubmitJsonAsync(context);
        await PageResponse.WriteJsonAsync(context, writer => writer.WriteString("redirect_to", redirectTo));
    }

    private async Task<string> SubmitFormAsync(HttpContext context)
    {
        var form = await RequestBody.ReadFormAsync(context.Request, context.RequestAborted);
        var open = await OpenAsync(context);
        var action = $"{PageRoutes.RealmOf(context)}/consent/{PageRoutes.Value(context, "challenge")}/decision";
        if (!proofs.Accepts(context.Request, action, form.One("proof")))
        {
            throw new IamException(ErrorReason.InvalidRequest, "The form was not shown to this browser, or it sends no cookies.");
        }

        var accepted = IsAcceptance(form.One("decision"));
        return await submit.RunAsync(
            Decision(context, open) with
            {
                Accepted = accepted,
                // A box that cannot be unticked is not sent.
                GrantedScopes = accepted ? [.. form.Many("scope").Union(open.View.Scopes.Where(scope => scope.Required).Select(scope => scope.Scope))] : [],
                GrantedDetailIds = accepted ? [.. form.Many("detail").Distinct(StringComparer.Ordinal)] : [],
                Remember = form.One("remember") == "true",
                Language = form.One("language"),
                Method = ConsentMethods.LocalPage,
            },
            context.RequestAborted);
    }

    private async Task<string> SubmitJsonAsync(HttpContext context)
    {
        var json = await RequestBody.ReadJsonAsync(context.Request, context.RequestAborted);
        var open = await OpenAsync(context);
        var user = json.Text("user_id");
        return await submit.RunAsync(
            Decision(context, open) with
            {
                UserId = user.Length > 0 ? user : open.View.UserId,
                Accepted = IsAcceptance(json.Text("decision")),
                GrantedScopes = [.. json.Texts("scopes").Distinct(StringComparer.Ordinal)],
                GrantedDetailIds = [.. json.Texts("details").Distinct(StringComparer.Ordinal)],
                Remember = json.Flag("remember") ?? false,
                Language = json.Text("language"),
            },
            context.RequestAborted);
    }

    private async Task<OpenChallenge> OpenAsync(HttpContext context)
    {
        var open = await challenges.OpenAsync(context, []);
        return open.Realm.Realm.ConsentSettings.Remote is null ? open : throw ChallengeEndpoint.AskedElsewhere();
    }

    private static SubmittedDecision Decision(HttpContext context, OpenChallenge open) => new()
    {
        RealmId = PageRoutes.RealmOf(context),
        Challenge = PageRoutes.Value(context, "challenge"),
        UserId = open.View.UserId,
        Accepted = false,
        Method = ConsentMethods.JsonApi,
    };

    private static bool IsAcceptance(string decision) => decision switch
    {
        Accept => true,
        Deny => false,
        _ => throw new IamException(ErrorReason.InvalidRequest, $"decision must be {Accept} or {Deny}."),
    };
}
