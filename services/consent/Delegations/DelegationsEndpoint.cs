using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Consent.Pages;
using Pltfrms.Iam.Consent.SelfService;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Consent.Delegations;

/// <summary>
/// <c>/realms/{realm}/account/delegations</c>: for a browser with a visit the page and its forms, for a bearer of the user's token the list as JSON, a new
/// one by POST, and <c>DELETE …/{delegation}</c>.
/// </summary>
public sealed class DelegationsEndpoint(
    RealmSnapshots realms, Visits visits, SelfServiceTokens tokens, UserDelegations delegations, FormProofs proofs, TimeProvider clock)
{
    public const string Path = "/account/delegations";
    public const string OnePath = "/account/delegations/{delegation}";

    internal const string List = "/delegations";

    private const string Changed = "changed";
    private const string Refused = "refused";

    public async Task GetAsync(HttpContext context)
    {
        var realmId = PageRoutes.RealmOf(context);
        if (context.Request.Headers.Authorization.Count > 0)
        {
            var userId = await RequireBearerAsync(context, realmId);
            var own = await delegations.ListAsync(realmId, userId, context.RequestAborted);
            await PageResponse.WriteJsonAsync(context, writer => DelegationsJson.WriteMembers(writer, own));
            return;
        }

        var visit = await visits.RequireAsync(context, realmId);
        var realm = await realms.GetLastKnownAsync(realmId, context.RequestAborted);
        string[] locales = [.. PageTexts.Asked(context.Request), .. visit.UiLocales, .. PageTexts.Accepted(context.Request)];
        var list = await delegations.ListAsync(realmId, visit.UserId, context.RequestAborted);
        var view = DelegationsView.Of(realm, visit.UserId, list, locales, clock.GetUtcNow());
        var frame = new PageFrame(Visits.PathOf(realmId), proofs.Issue(context, FormOf(visit)));
        await PageResponse.WritePageAsync(context, DelegationsPage.Render(view, frame, StatusShown(context.Request)));
    }

    public async Task PostAsync(HttpContext context)
    {
        var realmId = PageRoutes.RealmOf(context);
        if (context.Request.Headers.Authorization.Count > 0)
        {
            var userId = await RequireBearerAsync(context, realmId);
            var asked = NewDelegation.Of(await RequestBody.ReadJsonAsync(context.Request, context.RequestAborted));
            var granted = await delegations.GrantAsync(realmId, userId, asked, context.RequestAborted);
            context.Response.StatusCode = StatusCodes.Status201Created;
            await PageResponse.WriteJsonAsync(context, writer => DelegationsJson.WriteMembers(writer, granted));
            return;
        }

        var form = await RequestBody.ReadFormAsync(context.Request, context.RequestAborted);
        var visit = await visits.RequireAsync(context, realmId);
        if (!proofs.Accepts(context.Request, FormOf(visit), form.One("proof")))
        {
            throw new IamException(ErrorReason.InvalidRequest, "The form was not shown to this browser, or it sends no cookies.");
        }

        var state = await ChangeAsync(form, visit, context.RequestAborted);
        PageResponse.SeeOther(context, $"{Visits.PathOf(realmId)}{List}?{state}");
    }

    public async Task DeleteAsync(HttpContext context)
    {
        var realmId = PageRoutes.RealmOf(context);
        var userId = await RequireBearerAsync(context, realmId);
        await delegations.RevokeAsync(realmId, userId, PageRoutes.Value(context, "delegation"), context.RequestAborted);
        PageResponse.NoContent(context);
    }

    private Task<string> RequireBearerAsync(HttpContext context, string realmId) =>
        tokens.RequireUserAsync(context.Request, realmId, IamPermissions.DelegationsSelf, context.RequestAborted);

    /// <summary>What a user can put right is said on the page.</summary>
    private async Task<string> ChangeAsync(FormBody form, SelfServiceVisit visit, CancellationToken cancellationToken)
    {
        try
        {
            switch (form.One("action"))
            {
                case "grant":
                    await delegations.GrantAsync(visit.RealmId, visit.UserId, NewDelegation.Of(form, clock.GetUtcNow()), cancellationToken);
                    break;
                case "revoke":
                    await delegations.RevokeAsync(visit.RealmId, visit.UserId, form.One("delegation_id"), cancellationToken);
                    break;
                default:
                    throw new IamException(ErrorReason.InvalidRequest, "action must be grant or revoke.");
            }

            return $"{Changed}=true";
        }
        catch (IamException refusal) when (DelegationStatuses.Of(refusal.Reason) is { } status)
        {
            return $"{Refused}={DelegationStatuses.NameOf(status)}";
        }
    }

    private static DelegationStatus? StatusShown(HttpRequest request) => request.Query.ContainsKey(Changed)
        ? DelegationStatus.Changed
        : request.Query[Refused] is [{ } name] ? DelegationStatuses.Parse(name) : null;

    private static string FormOf(SelfServiceVisit visit) => $"{visit.RealmId}/account/delegations/{visit.SecretHash}";
}
