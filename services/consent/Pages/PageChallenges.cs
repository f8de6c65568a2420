using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Consent.Dialog;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Consent.Pages;

/// <summary>The question that a request's path names. Where it is no longer open, the page that says so has a link back.</summary>
public sealed class PageChallenges(GetChallenge challenges, WayBack wayBack)
{
    /// <param name="context">The request.</param>
    /// <param name="uiLocales">The languages that the user chose at the page, best first.</param>
    /// <exception cref="IamException">REALM_NOT_FOUND, CHALLENGE_NOT_FOUND, CHALLENGE_ANSWERED, REALM_FEED_UNAVAILABLE, STORAGE_UNAVAILABLE.</exception>
    public async Task<OpenChallenge> OpenAsync(HttpContext context, IReadOnlyList<string> uiLocales)
    {
        var (realmId, value) = (PageRoutes.RealmOf(context), PageRoutes.Value(context, "challenge"));
        try
        {
            return await challenges.OpenAsync(realmId, value, uiLocales, PageTexts.Accepted(context.Request), context.RequestAborted);
        }
        catch (IamException refusal) when (refusal.Reason is ErrorReason.ChallengeNotFound or ErrorReason.ChallengeAnswered)
        {
            PageErrors.OfferWayBack(context, await wayBack.FindAsync(realmId, value, context.RequestAborted));
            throw;
        }
    }
}
