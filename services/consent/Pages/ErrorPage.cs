using Pltfrms.Iam.Common.Http;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Consent.Pages;

/// <summary>What a user sees instead of a page that cannot be shown.</summary>
public static class ErrorPage
{
    /// <param name="text">The page's language.</param>
    /// <param name="reason">What went wrong.</param>
    /// <param name="wayBack">Where the user can go on; null: nowhere.</param>
    public static string Render(PageText text, ErrorReason reason, string? wayBack)
    {
        var (heading, advice) = Words(text.Errors, reason);
        var main = Html.Of($"""
            <main class="card stack">
            <h1>{heading}</h1>
            <p>{advice}</p>
            {(wayBack is null ? Html.Empty : Html.Of($"""<p><a href="{Html.Exactly(wayBack)}">{text.Errors.WayBack}</a></p>"""))}
            </main>
            """);
        return PageLayout.Document(text, heading, "", main);
    }

    private static (string Heading, string Advice) Words(ErrorText errors, ErrorReason reason) => reason switch
    {
        ErrorReason.ChallengeNotFound or ErrorReason.RealmNotFound or ErrorReason.ResourceNotFound => errors.NotFound,
        ErrorReason.ChallengeAnswered => errors.Answered,
        ErrorReason.NotOffered => errors.NotOffered,
        ErrorReason.Unauthenticated => errors.NotSignedIn,
        ErrorReason.StorageUnavailable or ErrorReason.RealmFeedUnavailable or ErrorReason.ServiceUnavailable or ErrorReason.RevisionNotReached => errors.Unavailable,
        ErrorReason.Internal => errors.Failed,
        _ => errors.BadRequest,
    };
}
