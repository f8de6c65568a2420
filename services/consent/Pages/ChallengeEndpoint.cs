using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Http;
using Pltfrms.Iam.Consent.Dialog;
using Pltfrms.Iam.Consent.Remote;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Consent.Pages;

/// <summary><c>GET /realms/{realm}/consent/{challenge}</c>: what is asked, as JSON for user interfaces and as our own page for browsers.</summary>
public sealed class ChallengeEndpoint(PageChallenges challenges, RemoteRequests remote, FormProofs proofs)
{
    public const string Path = "/consent/{challenge}";

    public async Task HandleAsync(HttpContext context)
    {
        var value = PageRoutes.Value(context, "challenge");
        var open = await challenges.OpenAsync(context, PageTexts.Asked(context.Request));
        var settings = open.Realm.Realm.ConsentSettings;
        var isPage = PageResponse.PrefersPage(context.Request);
        if (settings.Remote is { } server)
        {
            PageResponse.SeeOther(context, isPage ? await remote.AddressAsync(open, server, value, context.RequestAborted) : throw AskedElsewhere());
        }
        else if (!isPage)
        {
            await PageResponse.WriteJsonAsync(context, writer => ChallengeJson.WriteMembers(writer, open.View));
        }
        else if (settings.CustomPageUri is { } page)
        {
            PageResponse.SeeOther(context, ConsentPlaces.WithChallenge(page, value));
        }
        else
        {
            await WritePageAsync(context, open, value);
        }
    }

    /// <exception cref="IamException">NOT_OFFERED where the realm's remote consent server is the one who asks.</exception>
    internal static IamException AskedElsewhere() =>
        new(ErrorReason.NotOffered, "The realm's users are asked by its remote consent server.");

    private Task WritePageAsync(HttpContext context, OpenChallenge open, string value)
    {
        var text = PageTexts.For([open.View.Language, .. PageTexts.Asked(context.Request), .. PageTexts.Accepted(context.Request)]);
        var action = $"{PageRoutes.RealmOf(context)}/consent/{value}/decision";
        var page = ConsentPage.Render(text, open.View, RealmRoute.Prefix + action, proofs.Issue(context, action));
        return PageResponse.WritePageAsync(context, page, FormTargets.Of(open.Challenge.Request.ReturnUri, open.Client));
    }
}
