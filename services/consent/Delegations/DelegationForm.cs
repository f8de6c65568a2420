using Pltfrms.Iam.Common.Http;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Consent.Pages;

namespace Pltfrms.Iam.Consent.Delegations;

/// <summary>The form with which a user lets somebody act.</summary>
internal static class DelegationForm
{
    public static Html Render(PageText text, DelegationsView view, PageFrame frame)
    {
        var words = text.Delegations;
        if (view.Scopes.Count == 0)
        {
            return Html.Of($"""<div class="card"><p>{words.NothingToGrant}</p></div>""");
        }

        return Html.Of($"""
            <section class="card" aria-labelledby="new">
            <form method="post" action="{frame.Action}" class="stack">
            <h2 id="new">{words.New}</h2>
            <input type="hidden" name="proof" value="{frame.FormProof}">
            <fieldset aria-describedby="who-hint" class="stack">
            <legend>{words.Who}</legend>
            <p id="who-hint" class="muted small">{words.WhoHint}</p>
            {Clients(words, view)}
            <p class="field"><label for="user">{words.User}</label> <input id="user" name="delegate_user_id" maxlength="255" autocomplete="off"></p>
            </fieldset>
            <fieldset>
            <legend>{words.Scopes}</legend>
            <ul class="choices">{view.Scopes.Select(Choice)}</ul>
            </fieldset>
            <p class="field"><label for="organization">{words.Where}</label> <select id="organization" name="organization_id">
            <option value="">{words.Everywhere}</option>{view.Organizations.Select(Option)}</select></p>
            <p class="field"><label for="days">{words.HowLong}</label> <select id="days" name="days">{DelegationPeriods.Days.Select(days => Period(text, days))}</select></p>
            <p class="field"><label for="depth">{words.Depth}</label> <select id="depth" name="max_depth">{Enumerable.Range(0, DelegationRecord.LargestDepth + 1).Select(depth => Html.Of($"""<option value="{depth}">{depth}</option>"""))}</select></p>
            <p class="field"><label for="reason">{words.Reason}</label> <input id="reason" name="reason" maxlength="200" autocomplete="off"></p>
            <div class="buttons"><button name="action" value="grant">{words.GrantButton}</button></div>
            </form>
            </section>
            """);
    }

    private static Html Clients(DelegationsText words, DelegationsView view) => view.Clients.Count == 0
        ? Html.Empty
        : Html.Of($"""
            <p class="field"><label for="client">{words.Client}</label> <select id="client" name="delegate_client_id">
            <option value="">{words.NoClient}</option>{view.Clients.Select(Option)}</select></p>
            """);

    private static Html Choice(DelegatedScope scope, int index) => Html.Of($"""
        <li class="choice"><input type="checkbox" name="scope" value="{scope.Scope}" id="scope-{index}">
        <label for="scope-{index}">{DelegationsPage.Title(scope)}</label></li>
        """);

    private static Html Option((string Id, string Name) option) => Html.Of($"""<option value="{option.Id}">{option.Name}</option>""");

    private static Html Period(PageText text, int days) => days == DelegationPeriods.Usual
        ? Html.Of($"""<option value="{days}" selected>{text.Duration(TimeSpan.FromDays(days))}</option>""")
        : Html.Of($"""<option value="{days}">{text.Duration(TimeSpan.FromDays(days))}</option>""");
}
