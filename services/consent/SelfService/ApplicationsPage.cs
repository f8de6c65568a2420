using Pltfrms.Iam.Common.Http;
using Pltfrms.Iam.Consent.Consents;
using Pltfrms.Iam.Consent.Delegations;
using Pltfrms.Iam.Consent.Pages;

namespace Pltfrms.Iam.Consent.SelfService;

/// <summary>The page "applications with access". It needs no script: every change is a form.</summary>
public static class ApplicationsPage
{
    /// <param name="view">What there is.</param>
    /// <param name="path">That of the account pages.</param>
    /// <param name="formProof">Proves that the forms are of this browser.</param>
    /// <param name="effect">What came of the change that the user has just made; null: none was made.</param>
    internal static string Render(ApplicationsView view, string path, string formProof, ChangeEffect? effect)
    {
        var action = path + ApplicationsEndpoint.List;
        var text = PageTexts.For([view.Language]);
        var words = text.Applications;
        var main = Html.Of($"""
            <main>
            <div class="card stack">
            <h1>{words.Heading}</h1>
            {Status(words, effect)}
            {(view.HasGrants ? Html.Empty : Html.Of($"""<p class="note warn">{words.GrantsUnknown}</p>"""))}
            <p>{words.Introduction}</p>
            <form method="post" action="{action}" class="head">
            <p class="muted">{Html.Sentence(words.SignedInAs, Html.Of($"<strong><bdi>{view.UserDisplayName}</bdi></strong>"))}</p>
            <input type="hidden" name="proof" value="{formProof}">
            <button class="slim" name="action" value="leave">{words.Leave}</button>
            </form>
            {(view.Applications.Count == 0 ? Html.Of($"<p>{words.None}</p>") : Html.Empty)}
            <p class="small"><a href="{path}{DelegationsEndpoint.List}">{text.Delegations.Heading}</a></p>
            <p class="small"><a href="{path}{ReceiptsEndpoint.Name}" download>{words.Receipts}</a></p>
            </div>
            {view.Applications.Select((application, index) => Application(text, application, index, view.HasGrants, action, formProof))}
            </main>
            """);
        return PageLayout.Document(text, words.Heading, view.RealmDisplayName, main, isWide: true);
    }

    /// <summary>What who has left sees.</summary>
    public static string RenderLeft(PageText text)
    {
        var main = Html.Of($"""
            <main class="card stack">
            <h1>{text.Applications.Left}</h1>
            <p>{text.Applications.LeftHint}</p>
            </main>
            """);
        return PageLayout.Document(text, text.Applications.Left, "", main);
    }

    /// <summary>A user who believes that access has ended must be right.</summary>
    private static Html Status(ApplicationsText words, ChangeEffect? effect) => effect switch
    {
        ChangeEffect.Now => Html.Of($"""<p class="note good" role="status">{words.Changed}</p>"""),
        ChangeEffect.Pending => Html.Of($"""<p class="note warn" role="status">{words.ChangePending}</p>"""),
        _ => Html.Empty,
    };

    private static Html Application(PageText text, ApplicationView application, int index, bool hasGrants, string action, string formProof)
    {
        var client = application.Access.Client;
        return Html.Of($"""
            <section class="card stack" aria-labelledby="client-{index}">
            <div class="head">
            <div class="who">
            {ClientHead.Logo(client)}
            <div><h2 id="client-{index}">{ClientHead.Name(client)}</h2>
            <p class="muted"><bdi>{client.OwnerDisplayName}</bdi> {ClientHead.Badge(text, client)}</p></div>
            </div>
            <form method="post" action="{action}">
            {Hidden(formProof, client.ClientId)}
            <button class="bad slim" name="action" value="revoke" aria-label="{Named(text.Applications.Revoke, client.DisplayName)}">{text.Applications.RevokeButton}</button>
            </form>
            </div>
            {(hasGrants ? Html.Of($"""<p class="muted small">{LastUse(text, application.Access.LastUsedAt)}</p>""") : Html.Empty)}
            {(application.Decisions.Count == 0 ? Html.Empty : Html.Of($"""<ul class="decisions">{application.Decisions.Select(decision => Decision(text, decision, action, formProof))}</ul>"""))}
            </section>
            """);
    }

    private static Html LastUse(PageText text, DateTimeOffset? lastUsedAt) => lastUsedAt is { } time
        ? Html.Sentence(text.Applications.LastUsedAt, PageLayout.Time(text, time))
        : Html.Text(text.Applications.NotUsed);

    private static Html Decision(PageText text, DecisionView decision, string action, string formProof)
    {
        var words = text.Applications;
        var consent = decision.Consent;
        var isGranted = consent.Decision == ConsentDecision.Granted;
        var name = decision.Title.Length > 0 ? decision.Title : consent.Scope;
        var (value, label, button) = isGranted ? ("deny", words.Deny, words.DenyButton) : ("allow", words.Allow, words.AllowButton);
        var badge = isGranted ? Html.Of($"""<span class="badge good">{words.Granted}</span>""") : Html.Of($"""<span class="badge plain">{words.Denied}</span>""");
        return Html.Of($"""
            <li><div>
            <h3>{Title(decision)} {badge}</h3>
            {(decision.Description.Length > 0 ? Html.Of($"""<p lang="{decision.Language}"><bdi>{decision.Description}</bdi></p>""") : Html.Empty)}
            <p class="muted small">{Facts(text, decision)}</p>
            </div>
            <form method="post" action="{action}" class="buttons">
            {Hidden(formProof, consent.ClientId)}
            <input type="hidden" name="organization_id" value="{consent.OrganizationId}">
            <input type="hidden" name="scope" value="{consent.Scope}">
            <button class="slim" name="action" value="{value}" aria-label="{Named(label, name)}">{button}</button>
            <button class="slim" name="action" value="forget" aria-label="{Named(words.Forget, name)}">{words.ForgetButton}</button>
            </form></li>
            """);
    }

    private static Html Title(DecisionView decision) => decision.Title.Length > 0
        ? Html.Of($"""<bdi lang="{decision.Language}">{decision.Title}</bdi>""")
        : Html.Of($"<code>{decision.Consent.Scope}</code>");

    private static Html Facts(PageText text, DecisionView decision)
    {
        var consent = decision.Consent;
        var organization = decision.OrganizationDisplayName.Length > 0
            ? Html.Of($"{text.Organization} <bdi>{decision.OrganizationDisplayName}</bdi> · ")
            : Html.Empty;
        var end = consent.ExpiresAt is { } expiresAt
            ? Html.Of($" · {Html.Sentence(text.Applications.HoldsUntil, PageLayout.Time(text, expiresAt))}")
            : Html.Empty;
        return Html.Of($"{organization}{Html.Sentence(text.Applications.DecidedAt, PageLayout.Time(text, consent.DecidedAt))}{end}");
    }

    private static Html Hidden(string formProof, string clientId) => Html.Of($"""
        <input type="hidden" name="proof" value="{formProof}">
        <input type="hidden" name="client_id" value="{clientId}">
        """);

    private static string Named(string sentence, string name) => sentence.Replace("{0}", name, StringComparison.Ordinal);
}
