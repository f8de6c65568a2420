using Pltfrms.Iam.Common.Http;
using Pltfrms.Iam.Consent.Pages;
using Pltfrms.Iam.Consent.SelfService;

namespace Pltfrms.Iam.Consent.Delegations;

/// <summary>The page "who may act for you". It needs no script: every change is a form.</summary>
internal static class DelegationsPage
{
    /// <param name="view">What there is.</param>
    /// <param name="frame">Where the forms lead.</param>
    /// <param name="status">What came of the change that the user has just made; null: none was made.</param>
    public static string Render(DelegationsView view, PageFrame frame, DelegationStatus? status)
    {
        var text = PageTexts.For([view.Language]);
        var words = text.Delegations;
        var main = Html.Of($"""
            <main>
            <div class="card stack">
            <h1>{words.Heading}</h1>
            {Status(words, status)}
            <p>{words.Introduction}</p>
            <p class="muted">{Html.Sentence(text.Applications.SignedInAs, Html.Of($"<strong><bdi>{view.UserDisplayName}</bdi></strong>"))}</p>
            <p class="small"><a href="{frame.AccountPath}{ApplicationsEndpoint.List}">{text.Applications.Heading}</a></p>
            </div>
            {Section(text, words.Granted, "granted", words.NoneGranted, words.Revoke, view.Granted, frame)}
            {Section(text, words.Received, "received", words.NoneReceived, words.GiveBack, view.Received, frame)}
            {(view.IsOffered ? DelegationForm.Render(text, view, frame) : Html.Of($"""<div class="card"><p>{words.NotOffered}</p></div>"""))}
            </main>
            """);
        return PageLayout.Document(text, words.Heading, view.RealmDisplayName, main, isWide: true);
    }

    private static Html Status(DelegationsText words, DelegationStatus? status) => status switch
    {
        null => Html.Empty,
        DelegationStatus.Changed => Html.Of($"""<p class="note good" role="status">{words.Changed}</p>"""),
        DelegationStatus.Exceeds => Refusal(words.Exceeds),
        DelegationStatus.Unknown => Refusal(words.Unknown),
        DelegationStatus.TooMany => Refusal(words.TooMany),
        _ => Refusal(words.Incomplete),
    };

    private static Html Refusal(string why) => Html.Of($"""<p class="note warn" role="alert">{why}</p>""");

    private static Html Section(
        PageText text, string heading, string id, string none, string end, IReadOnlyList<DelegationView> delegations, PageFrame frame) => Html.Of($"""
        <section class="card stack" aria-labelledby="{id}">
        <h2 id="{id}">{heading}</h2>
        {(delegations.Count == 0 ? Html.Of($"<p>{none}</p>") : Html.Of($"""<ul class="decisions">{delegations.Select(delegation => One(text, delegation, end, frame))}</ul>"""))}
        </section>
        """);

    private static Html One(PageText text, DelegationView view, string end, PageFrame frame)
    {
        var words = text.Delegations;
        var badge = view.IsOver ? Html.Of($""" <span class="badge plain">{words.Over}</span>""") : Html.Empty;
        return Html.Of($"""
            <li><div>
            <h3><bdi>{view.Name}</bdi> <code>{view.Delegation.DelegationId}</code>{badge}</h3>
            <ul>{view.Scopes.Select(scope => Html.Of($"<li>{Title(scope)}</li>"))}</ul>
            {(view.Delegation.Reason.Length > 0 ? Html.Of($"<p><bdi>{view.Delegation.Reason}</bdi></p>") : Html.Empty)}
            <p class="muted small">{Facts(text, view)}</p>
            </div>
            <form method="post" action="{frame.Action}" class="buttons">
            <input type="hidden" name="proof" value="{frame.FormProof}">
            <input type="hidden" name="delegation_id" value="{view.Delegation.DelegationId}">
            <button class="bad slim" name="action" value="revoke" aria-label="{end} ({view.Name})">{end}</button>
            </form></li>
            """);
    }

    internal static Html Title(DelegatedScope scope) => scope.Title.Length > 0
        ? Html.Of($"""<bdi lang="{scope.Language}">{scope.Title}</bdi>""")
        : Html.Of($"<code>{scope.Scope}</code>");

    private static Html Facts(PageText text, DelegationView view)
    {
        var words = text.Delegations;
        var place = view.OrganizationDisplayName.Length > 0
            ? Html.Of($"{text.Organization} <bdi>{view.OrganizationDisplayName}</bdi>")
            : Html.Text(words.Everywhere);
        var end = view.Delegation.ExpiresAt is { } expiresAt
            ? Html.Sentence(text.Applications.HoldsUntil, PageLayout.Time(text, expiresAt))
            : Html.Text(words.WithoutEnd);
        var further = view.Delegation.MaxDepth > 0 ? Html.Of($" · {Html.Sentence(words.Further, Html.Of($"{view.Delegation.MaxDepth}"))}") : Html.Empty;
        var who = view.Delegation.SelfGranted ? Html.Empty : Html.Of($" · {words.ByAdministrator}");
        return Html.Of($"{place} · {end}{further}{who}");
    }
}
