using Consent.Tests.Hosting;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Browser.Tests;

/// <summary>The consent page as people use it.</summary>
public sealed class ConsentPageTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    private const string Read = "input[name=scope][value='invoices.read']";
    private const string Create = "input[name=scope][value='invoices.create']";
    private const string Refund = "input[name=scope][value='payments.refund']";
    private const string Accept = "button[name=decision][value=accept]";
    private const string Deny = "button[name=decision][value=deny]";

    private readonly string _user = Guid.CreateVersion7().ToString();

    [BrowserFact]
    public async Task A_part_is_allowed_and_remembered()
    {
        await using var window = await OpenAsync("web", "invoices.read", "invoices.create", "payments.refund");
        await Expect(window.Page.Locator("h1")).ToHaveTextAsync("Demo web asks for access");
        await Expect(window.Page.GetByLabel("Read invoices")).ToBeCheckedAsync();
        Assert.True(await window.Page.EvaluateAsync<bool>("() => document.querySelector('.logo').naturalWidth === 8"));
        await window.CheckAsync("consent-en");

        await window.Page.UncheckAsync(Create);
        await window.ScreenshotAsync("consent-subset");
        await window.Page.ClickAsync(Accept);

        Assert.Equal("invoices.read payments.refund", await window.OutcomeAsync());
        // The rest is denied until the user changes it, so nobody is asked again.
        Assert.Equal("", await fixture.AskAsync(_user, "web", "invoices.read", "invoices.create"));
        Assert.Equal([], window.Complaints);
    }

    [BrowserFact]
    public async Task What_is_not_to_be_remembered_is_asked_again()
    {
        await using var window = await OpenAsync("web", "invoices.read");
        await window.Page.GetByLabel("Remember my decision").UncheckAsync();
        await window.Page.ClickAsync(Accept);

        Assert.Equal("invoices.read", await window.OutcomeAsync());
        await window.Page.GotoAsync(await fixture.AskAsync(_user, "web", "invoices.read"));
        await Expect(window.Page.Locator(Read)).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task Denying_tells_the_client()
    {
        await using var window = await OpenAsync("web", "invoices.read");
        await window.Page.ClickAsync(Deny);

        Assert.Equal("ACCESS_DENIED", await window.OutcomeAsync());
        Assert.Equal([], window.Complaints);
    }

    [BrowserFact]
    public async Task The_page_is_in_german_for_a_german_browser_and_can_be_switched()
    {
        await using var window = await OpenAsync("web", new BrowserNewContextOptions { Locale = "de-DE" }, "invoices.read", "invoices.approve", "payments.refund");
        await Expect(window.Page.Locator("h1")).ToHaveTextAsync("Demo web bittet um Zugriff");
        await Expect(window.Page.Locator("html")).ToHaveAttributeAsync("lang", "de");
        await Expect(window.Page.GetByLabel("Rechnungen lesen")).ToBeCheckedAsync();
        await Expect(window.Page.GetByLabel("payments.refund")).ToBeCheckedAsync();
        // A text that there is in English only says so.
        await Expect(window.Page.Locator("label[for=scope-1] bdi")).ToHaveAttributeAsync("lang", "en");
        await window.CheckAsync("consent-de");

        await window.Page.GetByRole(AriaRole.Link, new() { Name = "English" }).ClickAsync();
        await Expect(window.Page.Locator("h1")).ToHaveTextAsync("Demo web asks for access");
        await window.Page.ClickAsync(Accept);
        Assert.Equal("invoices.read invoices.approve payments.refund", await window.OutcomeAsync());
    }

    [BrowserFact]
    public async Task A_required_scope_cannot_be_unticked_and_an_unverified_client_is_warned_of()
    {
        await using var window = await OpenAsync("strict", "invoices.read", "payments.refund");
        await Expect(window.Page.Locator("h1")).ToHaveTextAsync("Ledger & Söhne asks for access");
        await Expect(window.Page.Locator(Read)).ToBeDisabledAsync();
        await Expect(window.Page.Locator(".note.warn")).ToBeVisibleAsync();
        await window.CheckAsync("consent-required-unverified");

        await window.Page.UncheckAsync(Refund);
        await window.Page.ClickAsync(Accept);
        Assert.Equal("invoices.read", await window.OutcomeAsync());
    }

    [BrowserFact]
    public async Task What_was_allowed_before_is_listed_and_not_asked()
    {
        await using var window = await OpenAsync("web", "invoices.read", "invoices.create");
        await window.Page.ClickAsync(Accept);

        await window.Page.GotoAsync(await fixture.AskAsync(_user, "web", "invoices.read", "invoices.create", "payments.refund"));
        await Expect(window.Page.Locator("input[name=scope]")).ToHaveCountAsync(1);
        await window.Page.Locator("summary").ClickAsync();
        await Expect(window.Page.Locator("details li")).ToHaveTextAsync(["Read invoices", "Create invoices"]);
        await window.CheckAsync("consent-granted-before");
    }

    [BrowserFact]
    public async Task The_keyboard_is_enough_and_shows_where_it_is()
    {
        await using var window = await OpenAsync("web", "invoices.read", "invoices.create");
        var keyboard = window.Page.Keyboard;

        await keyboard.PressAsync("Tab");
        await Expect(window.Page.Locator(Read)).ToBeFocusedAsync();
        Assert.Equal("solid", await window.Page.EvaluateAsync<string>("() => getComputedStyle(document.activeElement).outlineStyle"));
        await keyboard.PressAsync("Tab");
        await Expect(window.Page.Locator(Create)).ToBeFocusedAsync();
        await keyboard.PressAsync("Space");
        await window.ScreenshotAsync("consent-keyboard");
        await keyboard.PressAsync("Tab");
        await keyboard.PressAsync("Tab");
        await Expect(window.Page.Locator(Accept)).ToBeFocusedAsync();
        await keyboard.PressAsync("Enter");

        Assert.Equal("invoices.read", await window.OutcomeAsync());
    }

    [BrowserFact]
    public async Task Nothing_needs_a_script()
    {
        await using var window = await OpenAsync("web", new BrowserNewContextOptions { JavaScriptEnabled = false, Locale = "en" }, "invoices.read", "invoices.create");
        await window.Page.UncheckAsync(Read);
        await window.Page.ClickAsync(Accept);

        Assert.Equal("invoices.create", await window.OutcomeAsync());
        Assert.Equal([], window.Complaints);
    }

    [BrowserTheory]
    [InlineData("consent-dark", ColorScheme.Dark, 1280, 900)]
    [InlineData("consent-small", ColorScheme.Light, 320, 640)]
    [InlineData("consent-small-dark", ColorScheme.Dark, 320, 640)]
    public async Task The_page_fits_dark_rooms_and_small_screens(string name, ColorScheme scheme, int width, int height)
    {
        await using var window = await OpenAsync(
            "strict", new BrowserNewContextOptions { Locale = "de", ColorScheme = scheme, ViewportSize = new() { Width = width, Height = height } }, "invoices.read", "invoices.create", "payments.refund");

        await window.CheckAsync(name);
        Assert.True(await window.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth") <= width);
        var background = await window.Page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor");
        Assert.Equal(scheme == ColorScheme.Dark ? "rgb(16, 21, 27)" : "rgb(238, 241, 245)", background);
    }

    [BrowserFact]
    public async Task Without_colours_and_with_large_text_it_can_be_read()
    {
        await using var window = await OpenAsync("strict", new BrowserNewContextOptions { Locale = "en", ForcedColors = ForcedColors.Active }, "invoices.read", "invoices.create");
        await window.CheckAsync("consent-forced-colours");
        await window.Page.SetViewportSizeAsync(640, 480);
        await window.Page.EvaluateAsync("() => { document.documentElement.style.fontSize = '200%'; }");
        Assert.True(await window.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth") <= 640);
    }

    [BrowserTheory]
    [InlineData("en", ColorScheme.Light, "This question is answered already")]
    [InlineData("en", ColorScheme.Dark, "This question is answered already")]
    [InlineData("de", ColorScheme.Light, "Diese Frage ist schon beantwortet")]
    [InlineData("de", ColorScheme.Dark, "Diese Frage ist schon beantwortet")]
    public async Task A_second_answer_is_told_that_there_was_a_first(string locale, ColorScheme scheme, string heading)
    {
        await using var window = await OpenAsync("web", new BrowserNewContextOptions { Locale = locale, ColorScheme = scheme }, "invoices.read");
        var address = window.Page.Url;
        await window.Page.ClickAsync(Accept);

        await window.Page.GotoAsync(address);
        await Expect(window.Page.Locator("h1")).ToHaveTextAsync(heading);
        await window.CheckStateAsync("answered", locale, scheme);
    }

    [BrowserTheory]
    [InlineData("en", ColorScheme.Light, "Back to the application")]
    [InlineData("en", ColorScheme.Dark, "Back to the application")]
    [InlineData("de", ColorScheme.Light, "Zurück zur Anwendung")]
    [InlineData("de", ColorScheme.Dark, "Zurück zur Anwendung")]
    public async Task Who_got_lost_after_the_answer_goes_on(string locale, ColorScheme scheme, string back)
    {
        await using var window = await OpenAsync("web", new BrowserNewContextOptions { Locale = locale, ColorScheme = scheme }, "invoices.read");
        await fixture.Service.SubmitAsync(DialogCalls.Accept(new Uri(window.Page.Url).AbsolutePath.Split('/')[^1], _user, "invoices.read"));
        await window.Page.ReloadAsync();
        await window.CheckStateAsync("answered-not-fetched", locale, scheme);

        await window.Page.GetByRole(AriaRole.Link, new() { Name = back }).ClickAsync();
        Assert.Equal("invoices.read", await window.OutcomeAsync());
    }

    [BrowserTheory]
    [InlineData("en", ColorScheme.Light, "This question is no longer open", "There is nothing at this address", "That did not work")]
    [InlineData("en", ColorScheme.Dark, "This question is no longer open", "There is nothing at this address", "That did not work")]
    [InlineData("de", ColorScheme.Light, "Diese Frage ist nicht mehr offen", "Unter dieser Adresse ist nichts", "Das hat nicht funktioniert")]
    [InlineData("de", ColorScheme.Dark, "Diese Frage ist nicht mehr offen", "Unter dieser Adresse ist nichts", "Das hat nicht funktioniert")]
    public async Task What_cannot_be_shown_has_a_page_that_says_what_to_do(
        string locale, ColorScheme scheme, string unknown, string nothing, string wrong)
    {
        await using var window = await OpenAsync("web", new BrowserNewContextOptions { Locale = locale, ColorScheme = scheme }, "invoices.read");
        var question = window.Page.Url;
        var realm = $"{fixture.Service.HttpAddress}/realms/demo";
        foreach (var (name, heading, address) in new[] { ("unknown", unknown, $"{realm}/consent/{new string('A', 43)}"), ("nothing", nothing, $"{realm}/nothing") })
        {
            await window.Page.GotoAsync(address);
            await Expect(window.Page.Locator("h1")).ToHaveTextAsync(heading);
            await window.CheckStateAsync($"error-{name}", locale, scheme);
        }

        await window.Page.GotoAsync(question);
        await window.Page.Context.ClearCookiesAsync();
        await window.Page.ClickAsync(Accept);
        await Expect(window.Page.Locator("h1")).ToHaveTextAsync(wrong);
        await window.CheckStateAsync("error-wrong", locale, scheme);
    }

    [BrowserFact]
    public async Task The_page_cannot_be_framed()
    {
        var address = await fixture.AskAsync(_user, "web", "invoices.read");
        await using var window = await fixture.OpenAsync();
        await window.Page.SetContentAsync($"<iframe src=\"{address}\"></iframe>");
        await window.Page.WaitForTimeoutAsync(300);

        Assert.Equal(0, await window.Page.FrameLocator("iframe").Locator("button").CountAsync());
    }

    private Task<Window> OpenAsync(string clientId, params string[] scopes) => OpenAsync(clientId, new BrowserNewContextOptions { Locale = "en-GB" }, scopes);

    private async Task<Window> OpenAsync(string clientId, BrowserNewContextOptions options, params string[] scopes)
    {
        var address = await fixture.AskAsync(_user, clientId, scopes);
        var window = await fixture.OpenAsync(options);
        await window.Page.GotoAsync(address);
        return window;
    }
}
