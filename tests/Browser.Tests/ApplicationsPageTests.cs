using Consent.Tests.Hosting;
using Microsoft.Playwright;
using Pltfrms.Iam.Common.Realms.Model;
using static Microsoft.Playwright.Assertions;

namespace Browser.Tests;

/// <summary>The page "applications with access" as people use it.</summary>
public sealed class ApplicationsPageTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    private readonly string _user = Guid.CreateVersion7().ToString();

    [BrowserFact]
    public async Task Decisions_are_seen_changed_and_revoked_without_a_script()
    {
        await using var window = await OpenAsync(new BrowserNewContextOptions { JavaScriptEnabled = false, Locale = "en" });
        await Expect(window.Page.Locator("h2")).ToHaveTextAsync(["Ledger & Söhne", "Demo web"]);
        await Expect(window.Page.Locator("h3 .badge")).ToHaveTextAsync(["Denied", "Allowed", "Denied", "Allowed"]);

        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Deny Read invoices" }).Last.ClickAsync();
        await Expect(window.Page.Locator("[role=status]")).ToHaveTextAsync("Your change is saved.");
        await Expect(window.Page.Locator("h3 .badge")).ToHaveTextAsync(["Denied", "Allowed", "Denied", "Denied"]);
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Forget the decision about Create invoices" }).Last.ClickAsync();
        await Expect(window.Page.Locator("h3")).ToHaveCountAsync(3);
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Revoke all access of Ledger & Söhne" }).ClickAsync();
        await Expect(window.Page.Locator("h2")).ToHaveTextAsync(["Demo web"]);
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Leave this page" }).ClickAsync();
        await Expect(window.Page.Locator("h1")).ToHaveTextAsync("You have left the page");
        Assert.Equal([], window.Complaints);
    }

    [BrowserTheory]
    [InlineData("applications-en", "en", ColorScheme.Light, 1280)]
    [InlineData("applications-de-dark", "de", ColorScheme.Dark, 1280)]
    [InlineData("applications-small", "de", ColorScheme.Light, 320)]
    public async Task The_page_is_accessible_and_fits(string name, string locale, ColorScheme scheme, int width)
    {
        await using var window = await OpenAsync(new BrowserNewContextOptions { Locale = locale, ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 800 } });

        await window.CheckAsync(name);
        Assert.True(await window.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth") <= width);
    }

    [BrowserFact]
    public async Task Without_a_visit_the_page_says_how_to_come_back()
    {
        await using var window = await fixture.OpenAsync();
        await window.Page.GotoAsync($"{fixture.Service.HttpAddress}/realms/demo/account/applications");

        await Expect(window.Page.Locator("h1")).ToHaveTextAsync("You are not signed in here");
        await window.ScreenshotAsync("applications-not-signed-in");
        Assert.Equal([], await window.AccessibilityViolationsAsync());
    }

    private async Task<Window> OpenAsync(BrowserNewContextOptions options)
    {
        await fixture.Suite.ChangeAsync(new User { RealmId = "demo", UserId = _user, DisplayName = "Alice Example" });
        foreach (var clientId in new[] { "web", "strict" })
        {
            var request = DialogCalls.Request(_user, clientId, "invoices.read", "invoices.create");
            request.OrganizationId = "acme";
            await fixture.Service.GrantAsync(request, "invoices.read");
        }

        fixture.Suite.Peers.AddGrant(_user, "web", "acme", "invoices.read");
        var window = await fixture.OpenAsync(options);
        var link = await fixture.Service.Consents.StartSelfServiceAsync(new() { RealmId = "demo", UserId = _user }, ConsentReplica.Operator);
        await window.Page.GotoAsync(link.RedirectTo);
        return window;
    }
}
