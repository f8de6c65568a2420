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

    [BrowserTheory]
    [InlineData("en", ColorScheme.Light, "You are not signed in here")]
    [InlineData("en", ColorScheme.Dark, "You are not signed in here")]
    [InlineData("de", ColorScheme.Light, "Sie sind hier nicht angemeldet")]
    [InlineData("de", ColorScheme.Dark, "Sie sind hier nicht angemeldet")]
    public async Task Without_a_visit_the_page_says_how_to_come_back(string locale, ColorScheme scheme, string heading)
    {
        await using var window = await fixture.OpenAsync(new() { Locale = locale, ColorScheme = scheme });
        await window.Page.GotoAsync($"{fixture.Service.HttpAddress}/realms/demo/account/applications");

        await Expect(window.Page.Locator("h1")).ToHaveTextAsync(heading);
        await window.CheckStateAsync("applications-not-signed-in", locale, scheme);
    }

    [BrowserTheory]
    [InlineData("en", ColorScheme.Light, "Leave this page", "You have left the page")]
    [InlineData("en", ColorScheme.Dark, "Leave this page", "You have left the page")]
    [InlineData("de", ColorScheme.Light, "Diese Seite verlassen", "Sie haben die Seite verlassen")]
    [InlineData("de", ColorScheme.Dark, "Diese Seite verlassen", "Sie haben die Seite verlassen")]
    public async Task Who_leaves_is_told_so(string locale, ColorScheme scheme, string leave, string heading)
    {
        await using var window = await OpenAsync(new BrowserNewContextOptions { Locale = locale, ColorScheme = scheme });
        await window.Page.GetByRole(AriaRole.Button, new() { Name = leave }).ClickAsync();

        await Expect(window.Page.Locator("h1")).ToHaveTextAsync(heading);
        await window.CheckStateAsync("applications-left", locale, scheme);
        Assert.Equal([], window.Complaints);
    }

    [BrowserTheory]
    [InlineData("en", ColorScheme.Light, "Allow Create invoices", "Revoke all access", "Your change is saved.", "No application has asked you for access")]
    [InlineData("en", ColorScheme.Dark, "Allow Create invoices", "Revoke all access", "Your change is saved.", "No application has asked you for access")]
    [InlineData("de", ColorScheme.Light, "Rechnungen erstellen erlauben", "den ganzen Zugriff entziehen", "Ihre Änderung ist gespeichert.", "Keine Anwendung hat Sie um Zugriff gebeten")]
    [InlineData("de", ColorScheme.Dark, "Rechnungen erstellen erlauben", "den ganzen Zugriff entziehen", "Ihre Änderung ist gespeichert.", "Keine Anwendung hat Sie um Zugriff gebeten")]
    public async Task What_was_changed_is_said_until_nothing_is_left(
        string locale, ColorScheme scheme, string allow, string revoke, string saved, string none)
    {
        await using var window = await OpenAsync(new BrowserNewContextOptions { Locale = locale, ColorScheme = scheme });
        await window.Page.GetByRole(AriaRole.Button, new() { Name = allow }).First.ClickAsync();
        await Expect(window.Page.Locator("[role=status]")).ToHaveTextAsync(saved);
        await window.CheckStateAsync("applications-changed", locale, scheme);

        await window.Page.GetByRole(AriaRole.Button, new() { Name = revoke }).First.ClickAsync();
        await window.Page.GetByRole(AriaRole.Button, new() { Name = revoke }).First.ClickAsync();
        await Expect(window.Page.GetByText(none)).ToBeVisibleAsync();
        await window.CheckStateAsync("applications-none", locale, scheme);
        Assert.Equal([], window.Complaints);
    }

    [BrowserTheory]
    [InlineData("en", ColorScheme.Light)]
    [InlineData("en", ColorScheme.Dark)]
    [InlineData("de", ColorScheme.Light)]
    [InlineData("de", ColorScheme.Dark)]
    public async Task What_is_not_in_effect_yet_is_said(string locale, ColorScheme scheme)
    {
        await using var window = await OpenAsync(new BrowserNewContextOptions { Locale = locale, ColorScheme = scheme });
        fixture.Suite.Peers.IsDown = true;
        try
        {
            await window.Page.Locator("button[value=revoke]").First.ClickAsync();
            await Expect(window.Page.Locator("[role=status]")).ToContainTextAsync(locale == "en" ? "not in effect everywhere yet" : "wirkt aber noch nicht überall");
            await Expect(window.Page.Locator(".note.warn")).ToHaveCountAsync(2);
            await window.CheckStateAsync("applications-pending", locale, scheme);
            Assert.Equal([], window.Complaints);
        }
        finally
        {
            fixture.Suite.Peers.IsDown = false;
        }
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
        await window.Page.GotoAsync(await fixture.VisitLinkAsync(_user));
        return window;
    }
}
