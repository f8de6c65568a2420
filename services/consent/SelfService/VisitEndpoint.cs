using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Consent.Pages;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Consent.SelfService;

/// <summary><c>GET /realms/{realm}/account/visits/{link}</c>: the link of StartSelfService, which lets a browser in once.</summary>
public sealed class VisitEndpoint(Visits visits)
{
    public const string Path = "/account/visits/{link}";

    public async Task HandleAsync(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method))
        {
            // Who only looks must not use up the link.
            throw new IamException(ErrorReason.MethodNotAllowed, "The address supports GET.");
        }

        var realmId = PageRoutes.RealmOf(context);
        await visits.EnterAsync(context, realmId, PageRoutes.Value(context, "link"));
        PageResponse.SeeOther(context, Visits.PathOf(realmId) + ApplicationsEndpoint.List);
    }
}
