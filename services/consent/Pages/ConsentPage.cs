using Pltfrms.Iam.Common.Http;
using Pltfrms.Iam.Consent.Dialog;

namespace Pltfrms.Iam.Consent.Pages;

/// <summary>The page that asks a user what a client may do. It needs no script and shows nothing that the JSON does not hold.</summary>
public static class ConsentPage
{
    /// <param name="text">The page's language.</param>
    /// <param name="challenge">What is asked.</param>
    /// <param name="action">Where the form goes.</param>
    /// <param name="formProof">Proves that the form is of this browser.</param>
    public static string Render(PageText text, ChallengeView challenge, string action, string formProof)
    {
        var title = text.Consent.Title.Replace("{0}", challenge.Client.DisplayName, StringComparison.Ordinal);
        var main = Html.Of($"""
            <main class="card stack">
            <div class="who">
            {ClientHead.Logo(challenge.Client)}
            <div><h1>{Html.Sentence(text.Consent.Heading, ClientHead.Name(challenge.Client))}</h1>
            <p class="muted">{Html.Sentence(text.Consent.SignedInAs, UserName(challenge))}</p></div>
            </div>
            {Facts(text, challenge)}
            {Warning(text, challenge)}
            <form method="post" action="{action}" class="stack">
            <input type="hidden" name="proof" value="{formProof}">
            <input type="hidden" name="language" value="{challenge.Language}">
            {Choices(text, challenge)}
            {GrantedBefore(text, challenge)}
            {Extent(text, challenge)}
            {Remember(text)}
            <div class="buttons wide">
            <button class="main" name="decision" value="accept">{text.Consent.Accept}</button>
            <button name="decision" value="deny">{text.Consent.Deny}</button>
            </div>
            </form>
            <p class="muted small">{Html.Sentence(text.Consent.ExpireTime, PageLayout.Time(text, challenge.ExpiresAt))}</p>
            </main>
            """);
        return PageLayout.Document(text, title, challenge.RealmDisplayName, main);
    }

    private static Html UserName(ChallengeView challenge) =>
        Html.Of($"<strong><bdi>{challenge.UserDisplayName}</bdi></strong>");

    private static Html Facts(PageText text, ChallengeView challenge) => Html.Of($"""
        <dl class="facts">
        <dt>{text.ProvidedBy}</dt><dd><bdi>{challenge.Client.OwnerDisplayName}</bdi> {ClientHead.Badge(text, challenge.Client)}</dd>
        {Organization(text, challenge)}
        </dl>
        """);

    private static Html Organization(PageText text, ChallengeView challenge) => challenge.OrganizationId.Length == 0
        ? Html.Empty
        : Html.Of($"<dt>{text.Organization}</dt><dd><bdi>{challenge.OrganizationDisplayName}</bdi></dd>");

    private static Html Warning(PageText text, ChallengeView challenge) =>
        challenge.Client.Verified ? Html.Empty : Html.Of($"""<p class="note warn">{text.Consent.NotVerifiedWarning}</p>""");

    private static Html Choices(PageText text, ChallengeView challenge) => Html.Of($"""
        <fieldset aria-describedby="choices-hint">
        <legend>{text.Consent.Scopes}</legend>
        <p id="choices-hint" class="muted small">{text.Consent.ScopesHint}</p>
        <ul class="choices">
        {challenge.Details.Select(detail => DetailChoice.Of(text, detail))}
        {challenge.Scopes.Select((scope, index) => Choice(text, scope, index))}
        </ul>
        </fieldset>
        """);

    private static Html Choice(PageText text, ScopeView scope, int index) => Html.Of($"""
        <li class="choice">
        <input type="checkbox" name="scope" value="{scope.Scope}" id="scope-{index}" aria-describedby="about-{index}" checked{Disabled(scope)}>
        <label for="scope-{index}">{Title(scope)}{RequiredMark(text, scope)}</label>
        <div id="about-{index}">{Description(scope)}
        <p class="muted small">{Audience(text, scope)}{TechnicalName(scope)}</p></div>
        </li>
        """);

    // A required scope cannot be unticked; that it is granted does not depend on what the browser sends.
    private static Html Disabled(ScopeView scope) => scope.Required ? Html.Of($" disabled") : Html.Empty;

    private static Html RequiredMark(PageText text, ScopeView scope) =>
        scope.Required ? Html.Of($""" <span class="badge plain">{text.Consent.Required}</span>""") : Html.Empty;

    internal static Html Title(ScopeView scope) => scope.Title.Length > 0
        ? Html.Of($"""<bdi lang="{scope.Language}">{scope.Title}</bdi>""")
        : Html.Of($"<code>{scope.Scope}</code>");

    private static Html Description(ScopeView scope) => scope.Description.Length > 0
        ? Html.Of($"""<p lang="{scope.Language}"><bdi>{scope.Description}</bdi></p>""")
        : Html.Empty;

    private static Html Audience(PageText text, ScopeView scope) => scope.ResourceServers.Count == 0
        ? Html.Empty
        : Html.Of($"{Html.Sentence(text.For, Html.Of($"<bdi>{string.Join(text.ListSeparator, scope.ResourceServers)}</bdi>"))}");

    private static Html TechnicalName(ScopeView scope) =>
        scope.Title.Length == 0 ? Html.Empty : Html.Of($"{(scope.ResourceServers.Count > 0 ? " · " : "")}<code>{scope.Scope}</code>");

    private static Html GrantedBefore(PageText text, ChallengeView challenge) => challenge.GrantedScopes.Count == 0
        ? Html.Empty
        : Html.Of($"""
            <details>
            <summary>{text.Consent.GrantedBefore} ({challenge.GrantedScopes.Count})</summary>
            <ul>{challenge.GrantedScopes.Select(scope => Html.Of($"<li>{Title(scope)}</li>"))}</ul>
            </details>
            """);

    private static Html Extent(PageText text, ChallengeView challenge) => Html.Of($"""
        <div>
        {(challenge.OfflineAccess ? Html.Of($"<p>{text.Consent.OfflineAccess}</p>") : Html.Empty)}
        <p>{Html.Sentence(text.Consent.Lifetime, Html.Text(text.Duration(challenge.Lifetime)))}</p>
        </div>
        """);

    private static Html Remember(PageText text) => Html.Of($"""
        <div class="choice remember">
        <input type="checkbox" name="remember" value="true" id="remember" aria-describedby="about-remember" checked>
        <label for="remember">{text.Consent.Remember}</label>
        <p id="about-remember" class="muted small">{text.Consent.RememberHint}</p>
        </div>
        """);
}
