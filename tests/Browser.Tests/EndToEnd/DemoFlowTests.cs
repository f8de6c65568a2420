using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Browser.Tests.EndToEnd;

/// <summary>People, a browser, the demo realm's applications and the running suite; nothing stands in for anything.</summary>
public sealed class DemoFlowTests(SuiteFixture fixture) : IClassFixture<SuiteFixture>
{
    private const string Accept = "button[name=decision][value=accept]";
    private const string Deny = "button[name=decision][value=deny]";
    private const string Create = "input[name=scope][value='invoices.create']";
    private const string Username = "input[name=username]";

    private string Issuer => fixture.Suite.Issuer.OriginalString;

    private DemoApplications Applications => fixture.Applications;

    [BrowserFact]
    public async Task Demo_web_gets_what_carol_picks_for_the_organization_that_she_chooses()
    {
        await using var window = await fixture.OpenAsync();
        await LogInAsync(window, Applications.Web, "carol", "web");
        await ChooseAsync(window, "Globex", "web");
        await window.Page.UncheckAsync(Create);
        await window.CheckAsync("flow-web-3-consent");
        await window.Page.ClickAsync(Accept);

        Assert.Equal("invoices.read", await window.OutcomeAsync());
        await window.ScreenshotAsync("flow-web-4-callback");
        Assert.Equal([], window.Complaints);
        var token = Applications.Tokens.GetProperty("access_token").GetString()!;
        var about = await fixture.IntrospectAsync(token);
        Assert.Equal((true, "carol", "demo-web", "globex", "invoices.read"), (about.Active, about.UserId, about.ClientId, about.OrganizationId, about.Scopes.Single()));

        var refresh = ("refresh_token", Applications.Tokens.GetProperty("refresh_token").GetString()!);
        var (status, refreshed) = await Applications.RequestAsync(("grant_type", "refresh_token"), refresh);
        Assert.Equal((200, "invoices.read"), (status, refreshed.GetProperty("scope").GetString()));
        var second = refreshed.GetProperty("access_token").GetString()!;
        Assert.NotEqual(token, second);
        about = await fixture.IntrospectAsync(second);
        Assert.Equal((true, "globex"), (about.Active, about.OrganizationId));
    }

    [BrowserFact]
    public async Task Who_has_decided_and_is_logged_in_goes_straight_through_until_they_log_out()
    {
        await using var window = await fixture.OpenAsync();
        await LogInAsync(window, Applications.Web, "alice", "session");
        // Alice belongs to one organization, so there is nothing to choose.
        await window.Page.ClickAsync(Accept);
        Assert.Equal("invoices.read invoices.create", await window.OutcomeAsync());

        await window.Page.GotoAsync(Applications.Web);
        Assert.Equal("invoices.read invoices.create", await window.OutcomeAsync());
        await window.Page.GotoAsync($"{Issuer}/logout");
        await window.CheckAsync("flow-session-logged-in");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Log out" }).ClickAsync();
        await Expect(window.Page.GetByText("Nobody is logged in.")).ToBeVisibleAsync();
        await window.CheckAsync("flow-session-logged-out");
        await window.Page.GotoAsync(Applications.Web);
        await Expect(window.Page.Locator(Username)).ToBeVisibleAsync();
        Assert.Equal([], window.Complaints);
    }

    [BrowserFact]
    public async Task A_user_who_denies_sends_the_application_away_with_the_right_error()
    {
        await using var window = await fixture.OpenAsync();
        await LogInAsync(window, $"{Applications.Web}/?scope=invoices.approve", "carol", "deny");
        await ChooseAsync(window, "Acme", "deny");
        await window.Page.ClickAsync(Deny);
        Assert.Equal("access_denied", await window.OutcomeAsync());

        // Denied stays denied: nobody is asked again.
        await window.Page.GotoAsync($"{Applications.Web}/?scope=invoices.approve");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Acme", Exact = true }).ClickAsync();
        Assert.Equal("access_denied", await window.OutcomeAsync());
        Assert.Equal([], window.Complaints);
    }

    [BrowserFact]
    public async Task Demo_spa_redeems_refreshes_and_revokes_from_its_own_page()
    {
        await using var window = await fixture.OpenAsync();
        await window.Page.GotoAsync(Applications.Spa);
        await window.Page.ClickAsync("#login");
        await LogInHereAsync(window, "carol", "spa");
        await ChooseAsync(window, "Acme", "spa");
        await window.CheckAsync("flow-spa-3-consent");
        await window.Page.ClickAsync(Accept);
        await Expect(window.Page.Locator("#outcome")).ToHaveTextAsync("invoices.read invoices.create");
        await window.ScreenshotAsync("flow-spa-4-callback");

        var first = await window.Page.EvaluateAsync<JsonElement>("() => window.tokens");
        var about = await fixture.IntrospectAsync(first.GetProperty("access_token").GetString()!);
        Assert.Equal((true, "carol", "demo-spa", "acme"), (about.Active, about.UserId, about.ClientId, about.OrganizationId));
        var second = await window.Page.EvaluateAsync<JsonElement>("() => refresh()");
        Assert.Equal((200, true), (second.GetProperty("status").GetInt32(), await IsActiveAsync(second)));
        var revoked = await window.Page.EvaluateAsync<JsonElement>("token => revoke(token)", second.GetProperty("refresh_token").GetString());
        Assert.Equal((200, false), (revoked.GetProperty("status").GetInt32(), await IsActiveAsync(second)));
        Assert.Equal([], window.Complaints);
    }

    [BrowserFact]
    public async Task A_page_of_an_origin_that_nobody_registered_reads_nothing()
    {
        await using var window = await fixture.OpenAsync();
        await window.Page.GotoAsync(Applications.Stranger);

        var refused = await window.Page.EvaluateAsync<string>("() => metadata().then(() => 'read', error => error.name)");
        var token = await window.Page.EvaluateAsync<string>(
            "endpoint => fetch(endpoint, { method: 'POST', body: new URLSearchParams({ client_id: 'demo-spa', grant_type: 'refresh_token', refresh_token: 'x' }) }).then(() => 'read', error => error.name)",
            $"{Issuer}/oauth2/token");

        Assert.Equal(("TypeError", "TypeError"), (refused, token));
        Assert.Contains(window.Complaints, complaint => complaint.Contains("CORS", StringComparison.Ordinal));
    }

    [BrowserFact]
    public async Task What_is_revoked_at_the_page_of_applications_ends_with_its_tokens()
    {
        await using var window = await fixture.OpenAsync();
        await LogInAsync(window, $"{Applications.Web}/?scope=invoices.read", "bob", "self-service");
        await window.Page.ClickAsync(Accept);
        Assert.Equal("invoices.read", await window.OutcomeAsync());
        var tokens = Applications.Tokens;
        Assert.True(await IsActiveAsync(tokens));

        await window.Page.GotoAsync($"{Issuer}/logout");
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Applications with access" }).ClickAsync();
        await Expect(window.Page.Locator("h1")).ToHaveTextAsync("Applications with access");
        await Expect(window.Page.Locator("h2")).ToHaveTextAsync(["Demo web app"]);
        await window.CheckAsync("flow-self-service-1");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Revoke all access of Demo web app" }).ClickAsync();
        await Expect(window.Page.Locator("[role=status]")).ToHaveTextAsync("Your change is saved.");
        await window.CheckAsync("flow-self-service-2");

        // The page says so only when the token service has heard of it.
        Assert.False(await IsActiveAsync(tokens));
        var (status, refused) = await Applications.RequestAsync(
            ("grant_type", "refresh_token"), ("refresh_token", tokens.GetProperty("refresh_token").GetString()!));
        Assert.Equal((400, "invalid_grant"), (status, refused.GetProperty("error").GetString()));
        await window.Page.GotoAsync($"{Applications.Web}/?scope=invoices.read");
        await Expect(window.Page.Locator(Accept)).ToBeVisibleAsync();
        Assert.Equal([], window.Complaints);
    }

    [BrowserFact]
    public async Task The_page_of_applications_asks_who_is_not_logged_in_and_is_no_use_to_another_browser()
    {
        await using var window = await fixture.OpenAsync(new() { Locale = "de" });
        await window.Page.GotoAsync($"{Issuer}/account/applications");
        await window.CheckAsync("flow-self-service-login");
        await window.Page.FillAsync(Username, "carol");
        await window.Page.ClickAsync("button[type=submit]");
        await Expect(window.Page.Locator("h1")).ToHaveTextAsync("Anwendungen mit Zugriff");

        await using var other = await fixture.OpenAsync();
        await other.Page.GotoAsync(window.Page.Url);
        await Expect(other.Page.Locator("h1")).ToHaveTextAsync("You are not signed in here");
        Assert.Equal([], window.Complaints);
    }

    [BrowserFact]
    public async Task Demo_tv_is_connected_by_its_code()
    {
        using var http = new HttpClient();
        var device = await PostAsync(http, "device_authorization", ("client_id", "demo-tv"), ("scope", "invoices.read"), ("organization", "acme"));
        await using var window = await fixture.OpenAsync();
        await window.Page.GotoAsync(device.GetProperty("verification_uri_complete").GetString()!);
        await Expect(window.Page.Locator("input[name=user_code]")).ToHaveValueAsync(device.GetProperty("user_code").GetString()!);
        await window.CheckAsync("flow-tv-1-code");
        await window.Page.ClickAsync("button[type=submit]");
        await LogInHereAsync(window, "carol", "tv");
        await Expect(window.Page.Locator("h1")).ToHaveTextAsync("Demo TV app asks for access");
        await window.CheckAsync("flow-tv-3-consent");
        await window.Page.ClickAsync(Accept);
        await Expect(window.Page.Locator("h1")).ToHaveTextAsync("The device is connected");
        await window.CheckAsync("flow-tv-4-connected");

        var tokens = await PostAsync(
            http,
            "token",
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("client_id", "demo-tv"),
            ("device_code", device.GetProperty("device_code").GetString()!));
        var about = await fixture.IntrospectAsync(tokens.GetProperty("access_token").GetString()!);
        Assert.Equal((true, "carol", "demo-tv", "acme", "invoices.read"), (about.Active, about.UserId, about.ClientId, about.OrganizationId, about.Scopes.Single()));
        Assert.Equal([], window.Complaints);
    }

    private static async Task LogInAsync(Window window, string application, string userName, string name)
    {
        await window.Page.GotoAsync(application);
        await LogInHereAsync(window, userName, name);
    }

    private static async Task LogInHereAsync(Window window, string userName, string name)
    {
        await Expect(window.Page.Locator(Username)).ToBeFocusedAsync();
        await window.CheckAsync($"flow-{name}-1-login");
        await window.Page.FillAsync(Username, userName);
        await window.Page.Keyboard.PressAsync("Enter");
    }

    private static async Task ChooseAsync(Window window, string organization, string name)
    {
        await Expect(window.Page.Locator("h1")).ToHaveTextAsync("Choose an organization");
        await Expect(window.Page.Locator("button[name=organization]")).ToHaveTextAsync(["Acme", "Globex"]);
        await window.CheckAsync($"flow-{name}-2-organization");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = organization, Exact = true }).ClickAsync();
    }

    private async Task<bool> IsActiveAsync(JsonElement tokens) => (await fixture.IntrospectAsync(tokens.GetProperty("access_token").GetString()!)).Active;

    private async Task<JsonElement> PostAsync(HttpClient http, string endpoint, params (string Name, string Value)[] form)
    {
        using var response = await http.PostAsync(
            new Uri($"{Issuer}/oauth2/{endpoint}"), new FormUrlEncodedContent(form.Select(pair => KeyValuePair.Create(pair.Name, pair.Value))));
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }
}
