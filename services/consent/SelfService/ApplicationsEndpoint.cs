using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Consent.Consents;
using Pltfrms.Iam.Consent.Pages;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Consent.SelfService;

/// <summary>
/// <c>/realms/{realm}/account/applications</c>: for a browser with a visit the page and its forms, for a bearer of the user's token the list as JSON.
/// </summary>
public sealed class ApplicationsEndpoint(RealmSnapshots realms, Visits visits, SelfServiceTokens tokens, ConsentActions consents, FormProofs proofs)
{
    public const string Path = "/account/applications";

    internal const string List = "/applications";

    private const string Changed = "changed";
    private const string Pending = "pending";
    private const string Left = "left";

    public async Task GetAsync(HttpContext context)
    {
        var realmId = PageRoutes.RealmOf(context);
        if (context.Request.Headers.Authorization.Count > 0)
        {
            var userId = await tokens.RequireUserAsync(context.Request, realmId, context.RequestAborted);
            var list = await ViewAsync(context, realmId, userId, [], isWithoutGrantsGood: false);
            await PageResponse.WriteJsonAsync(context, writer => ApplicationsJson.WriteMembers(writer, list));
            return;
        }

        if (context.Request.Query.ContainsKey(Left))
        {
            var text = PageTexts.For([.. PageTexts.Asked(context.Request), .. PageTexts.Accepted(context.Request)]);
            await PageResponse.WritePageAsync(context, ApplicationsPage.RenderLeft(text));
            return;
        }

        var visit = await visits.RequireAsync(context, realmId);
        var view = await ViewAsync(context, realmId, visit.UserId, visit.UiLocales, isWithoutGrantsGood: true);
        var proof = proofs.Issue(context, FormOf(visit));
        await PageResponse.WritePageAsync(context, ApplicationsPage.Render(view, Visits.PathOf(realmId), proof, EffectShown(context.Request)));
    }

    /// <summary>What came of the change that the browser comes from; null: it comes from none.</summary>
    private static ChangeEffect? EffectShown(HttpRequest request)
    {
        if (request.Query.ContainsKey(Pending))
        {
            return ChangeEffect.Pending;
        }

        return request.Query.ContainsKey(Changed) ? ChangeEffect.Now : null;
    }

    public async Task PostAsync(HttpContext context)
    {
        var realmId = PageRoutes.RealmOf(context);
        var form = await RequestBody.ReadFormAsync(context.Request, context.RequestAborted);
        var visit = await visits.RequireAsync(context, realmId);
        if (!proofs.Accepts(context.Request, FormOf(visit), form.One("proof")))
        {
            throw new IamException(ErrorReason.InvalidRequest, "The form was not shown to this browser, or it sends no cookies.");
        }

        string state;
        if (form.One("action") == "leave")
        {
            await visits.LeaveAsync(context, realmId);
            state = Left;
        }
        else
        {
            state = await ChangeAsync(form, visit, context.RequestAborted) == ChangeEffect.Now ? Changed : Pending;
        }

        PageResponse.SeeOther(context, $"{Visits.PathOf(realmId)}{List}?{state}=true");
    }

    private Task<ChangeEffect> ChangeAsync(FormBody form, SelfServiceVisit visit, CancellationToken cancellationToken)
    {
        var change = new OwnChange(visit.RealmId, visit.UserId, form.One("client_id"), form.One("organization_id"), form.One("scope"));
        return form.One("action") switch
        {
            "allow" => change.DecideAsync(consents, ConsentDecision.Granted, cancellationToken),
            "deny" => change.DecideAsync(consents, ConsentDecision.Denied, cancellationToken),
            "forget" => change.ForgetAsync(consents, cancellationToken),
            "revoke" => change.RevokeAsync(consents, cancellationToken),
            _ => throw new IamException(ErrorReason.InvalidRequest, "action must be allow, deny, forget, revoke or leave."),
        };
    }

    private async Task<ApplicationsView> ViewAsync(
        HttpContext context, string realmId, string userId, IReadOnlyList<string> uiLocales, bool isWithoutGrantsGood)
    {
        var realm = await realms.GetLastKnownAsync(realmId, context.RequestAborted);
        var access = await consents.Applications.RunAsync(realmId, userId, isWithoutGrantsGood, context.RequestAborted);
        return ApplicationsView.Of(realm, userId, access, [.. PageTexts.Asked(context.Request), .. uiLocales, .. PageTexts.Accepted(context.Request)]);
    }

    private static string FormOf(SelfServiceVisit visit) => $"{visit.RealmId}/account/{visit.SecretHash}";
}
