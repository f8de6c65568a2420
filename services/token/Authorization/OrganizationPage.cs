using Pltfrms.Iam.Common.Http;
using Pltfrms.Iam.Token.Pages;

namespace Pltfrms.Iam.Token.Authorization;

/// <summary>Asks in which organization a user acts.</summary>
public static class OrganizationPage
{
    public static Task WriteAsync(HttpContext context, FlowContext flow, IReadOnlyList<string> organizationIds)
    {
        var buttons = organizationIds.Select(id => Html.Of($"""<p><button type="submit" name="organization" value="{id}">{NameOf(flow, id)}</button></p>"""));
        return HtmlPage.WriteAsync(
            context,
            StatusCodes.Status200OK,
            "Choose an organization",
            Html.Of($"""
            <p>For which organization do you use {flow.ClientName()}?</p>
            <form method="post" action="{flow.BaseAddress}{BrowserAddresses.OrganizationPath}">
            <input type="hidden" name="request" value="{flow.Open.Handle}">
            {buttons}
            </form>
            """));
    }

    private static string NameOf(FlowContext flow, string organizationId) =>
        flow.Realm.FindOrganization(organizationId)?.DisplayName is { Length: > 0 } name ? name : organizationId;
}
