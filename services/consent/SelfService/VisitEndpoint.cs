using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Consent.Pages;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Consent.SelfService;

/// <summary>
/// <c>GET /realms/{realm}/account/visits/{link}</c>: the link of StartSelfService. Whoever follows it first is sent to whoever made it, to show whose
/// browser it is.
/// </summary>
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
        PageResponse.SeeOther(context, await visits.EnterAsync(context, realmId, PageRoutes.Value(context, "link")));
    }
}
