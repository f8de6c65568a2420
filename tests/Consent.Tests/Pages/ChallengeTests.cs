using System.Net;
using Consent.Tests.Hosting;
using Pltfrms.Iam.Common.Realms.Model;
using static Consent.Tests.Hosting.DialogCalls;

namespace Consent.Tests.Pages;

/// <summary>What is asked, as JSON and as a page.</summary>
public sealed class ChallengeTests(ConsentServiceFixture fixture) : IClassFixture<ConsentServiceFixture>, IDisposable
{
    private readonly string _user = Guid.CreateVersion7().ToString();
    private readonly Browser _browser = new(fixture.Service.HttpAddress);

    private ConsentReplica Service => fixture.Service;

    public void Dispose() => _browser.Dispose();

    [Fact]
    public async Task Json_holds_all_that_a_user_interface_needs()
    {
        await fixture.ChangeAsync(new User { RealmId = "demo", UserId = _user, DisplayName = "Zoë" });
        var request = Request(_user, "strict", "invoices.read", "payments.refund");
        request.OrganizationId = "acme";
        request.OfflineAccess = true;
        var challenge = (await Service.StartAsync(request)).Challenge;

        using var answer = await _browser.JsonAsync($"/realms/demo/consent/{challenge}?ui_locales=de");

        var json = await Browser.ReadJsonAsync(answer);
        var version = (await Service.GetAsync(challenge, "de")).Scopes.Select(s => s.TextVersion).ToArray();
        var expected = $$"""
            {"realm_display_name":"Demo realm","client":{"client_id":"strict","display_name":"Demo web","logo":"","verified":true,"owner_organization_id":"acme","owner_display_name":"Acme"},"user_id":"{{_user}}","user_display_name":"Zo\u00EB","organization_id":"acme","organization_display_name":"Acme","scopes":[{"scope":"invoices.read","title":"Rechnungen lesen","description":"Alle Rechnungen.","language":"de","client_translates":false,"resource_servers":["Demo API"],"required":true,"text_version":"{{version[0]}}"},{"scope":"payments.refund","title":"","description":"","language":"","client_translates":true,"resource_servers":["Demo API"],"required":false,"text_version":"{{version[1]}}"}],"granted_scopes":[],"details":[],"offline_access":true,"lifetime":300,"expire_time":"2026-01-01T12:10:00Z","language":"de"}
            """;
        Assert.Equal(expected, json.GetRawText());
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
    }

    [Fact]
    public async Task The_page_shows_the_same_and_has_one_box_for_each_scope()
    {
        var challenge = await StartAsync("strict", "invoices.read", "payments.refund");

        using var answer = await _browser.PageAsync($"/realms/demo/consent/{challenge}");

        var page = await answer.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("""<html lang="en">""", page, StringComparison.Ordinal);
        Assert.Contains("<h1><bdi>Demo web</bdi> asks for access</h1>", page, StringComparison.Ordinal);
        Assert.Contains("""<input type="checkbox" name="scope" value="invoices.read" id="scope-0" aria-describedby="about-0" checked disabled>""", page, StringComparison.Ordinal);
        Assert.Contains("""<input type="checkbox" name="scope" value="payments.refund" id="scope-1" aria-describedby="about-1" checked>""", page, StringComparison.Ordinal);
        Assert.Contains("""<label for="scope-1"><code>payments.refund</code></label>""", page, StringComparison.Ordinal);
        Assert.Contains("""name="decision" value="accept">""", page, StringComparison.Ordinal);
        Assert.Contains("""name="decision" value="deny">""", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_page_keeps_itself_to_itself()
    {
        var challenge = await StartAsync("web", "invoices.read");

        using var answer = await _browser.PageAsync($"/realms/demo/consent/{challenge}");

        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Matches(
            "^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; img-src data:; form-action 'self' http://127.0.0.1:\\*; frame-ancestors 'none'; base-uri 'none'$",
            policy);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal("DENY", answer.Headers.GetValues("X-Frame-Options").Single());
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
        Assert.Matches("^iam-consent=[A-Za-z0-9_-]{43}; path=/; samesite=lax; httponly$", answer.Headers.GetValues("Set-Cookie").Single());
    }

    [Fact]
    public async Task Behind_tls_the_cookie_is_of_this_host_alone()
    {
        await using var database = new Consents.SqliteConsentDatabase();
        await database.InitializeAsync();
        await using var service = await ConsentReplica.StartAsync(database.Settings, fixture.Realms, fixture.Clock, ("Consent:PublicAddress", "https://consent.example/"));
        using var browser = new Browser(service.HttpAddress);
        await fixture.AddUserAsync(_user);
        var started = await service.StartAsync(Request(_user, "web", "invoices.read"));

        using var answer = await browser.PageAsync($"/realms/demo/consent/{started.Challenge}");

        Assert.Equal($"https://consent.example/realms/demo/consent/{started.Challenge}", started.RedirectTo);
        Assert.Matches("^__Host-iam-consent=[A-Za-z0-9_-]{43}; path=/; secure; samesite=lax; httponly$", answer.Headers.GetValues("Set-Cookie").Single());
    }

    [Theory]
    [InlineData("what the user clicked on goes first", "de", "en", "en", "de", "Rechnungen lesen")]
    [InlineData("then what the client asked for", "", "de-AT fr", "en", "de", "Rechnungen lesen")]
    [InlineData("then what the browser says", "", "", "fr;q=0.2, de-CH;q=0.9, en;q=0.5", "de", "Rechnungen lesen")]
    [InlineData("a language that nobody speaks is passed over", "tlh", "tlh", "tlh, de;q=0.1", "de", "Rechnungen lesen")]
    [InlineData("else the realm's", "", "", "", "en", "Read invoices")]
    [InlineData("a header that is none counts for nothing", "", "", ";;;q=x", "en", "Read invoices")]
    public async Task The_language_is_chosen(string because, string clicked, string asked, string accepted, string language, string title)
    {
        await fixture.AddUserAsync(_user);
        var request = Request(_user, "web", "invoices.read");
        request.UiLocales.AddRange(asked.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var challenge = (await Service.StartAsync(request)).Challenge;

        using var answer = await _browser.PageAsync($"/realms/demo/consent/{challenge}?ui_locales={clicked}", ("Accept-Language", accepted));

        var page = await answer.Content.ReadAsStringAsync();
        Assert.True(page.Contains($"""<html lang="{language}">""", StringComparison.Ordinal), because);
        Assert.Contains($"""<bdi lang="{language}">{title}</bdi>""", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("unknown", HttpStatusCode.NotFound, "This question is no longer open")]
    [InlineData("not even a value", HttpStatusCode.NotFound, "This question is no longer open")]
    [InlineData("of another realm", HttpStatusCode.NotFound, "This question is no longer open")]
    [InlineData("in a realm that there is not", HttpStatusCode.NotFound, "This question is no longer open")]
    [InlineData("answered", HttpStatusCode.Conflict, "This question is answered already")]
    public async Task A_question_that_is_not_open_is_told_as_page_and_as_json(string which, HttpStatusCode status, string heading)
    {
        var challenge = await StartAsync("web", "invoices.read");
        var path = which switch
        {
            "unknown" => $"/realms/demo/consent/{new string('A', 43)}",
            "not even a value" => "/realms/demo/consent/%3Cscript%3E%0d%0a%ff",
            "of another realm" => $"/realms/other/consent/{challenge}",
            "in a realm that there is not" => $"/realms/nowhere/consent/{challenge}",
            _ => $"/realms/demo/consent/{challenge}",
        };
        if (which == "answered")
        {
            await Service.SubmitAsync(Deny(challenge, _user));
        }

        using var page = await _browser.PageAsync(path);
        using var json = await _browser.JsonAsync(path);
        using var decision = await _browser.PostJsonAsync($"{path}/decision", new { decision = "deny" });

        Assert.Equal((status, status, status), (page.StatusCode, json.StatusCode, decision.StatusCode));
        Assert.Contains($"<h1>{heading}</h1>", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("invalid_request", (await Browser.ReadJsonAsync(json)).GetProperty("error").GetString());
    }

    [Fact]
    public async Task An_expired_question_is_told_in_the_browsers_language()
    {
        await using var database = new Consents.SqliteConsentDatabase();
        await database.InitializeAsync();
        var clock = new Testing.FakeClock();
        await using var service = await ConsentReplica.StartAsync(database.Settings, fixture.Realms, clock);
        using var browser = new Browser(service.HttpAddress);
        await fixture.AddUserAsync(_user);
        var challenge = (await service.StartAsync(Request(_user, "web", "invoices.read"))).Challenge;
        clock.Advance(TimeSpan.FromMinutes(10));

        using var page = await browser.PageAsync($"/realms/demo/consent/{challenge}", ("Accept-Language", "de"));

        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
        Assert.Contains("<h1>Diese Frage ist nicht mehr offen</h1>", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_realms_own_page_is_where_browsers_are_sent_and_json_is_for_it()
    {
        var own = fixture.Realms.Set("custom", [.. ConsentRealm.Resources("custom").Where(r => r is not Realm), new Realm { RealmId = "custom", ConsentSettings = new() { CustomPageUri = "https://ui.example/consent?x=1" } }]);
        await Service.ReachAsync("custom", own);
        var request = Request("alice", "web", "invoices.read");
        request.RealmId = "custom";
        var started = await Service.StartAsync(request);

        using var page = await _browser.PageAsync($"/realms/custom/consent/{started.Challenge}");
        using var json = await _browser.JsonAsync($"/realms/custom/consent/{started.Challenge}");

        Assert.Equal($"https://ui.example/consent?x=1&consent_challenge={started.Challenge}", started.RedirectTo);
        Assert.Equal((HttpStatusCode.SeeOther, started.RedirectTo), (page.StatusCode, page.Headers.Location!.OriginalString));
        Assert.Equal("web", (await Browser.ReadJsonAsync(json)).GetProperty("client").GetProperty("client_id").GetString());
    }

    private async Task<string> StartAsync(string clientId, params string[] scopes)
    {
        await fixture.AddUserAsync(_user);
        return (await Service.StartAsync(Request(_user, clientId, scopes))).Challenge;
    }
}
