using System.Net;
using System.Text.RegularExpressions;
using Consent.Tests.Hosting;
using Pltfrms.Iam.Common.Realms.Model;
using static Consent.Tests.Hosting.DialogCalls;

namespace Consent.Tests.SelfService;

/// <summary>The page "applications with access": who gets in, what is seen, what can be changed, and what an attacker tries.</summary>
public sealed class ApplicationsPageTests(ConsentServiceFixture fixture) : IClassFixture<ConsentServiceFixture>, IDisposable
{
    private const string Page = "/realms/demo/account/applications";

    private readonly Browser _browser = new(fixture.Service.HttpAddress);
    private readonly Browser _other = new(fixture.Service.HttpAddress);

    private ConsentReplica Service => fixture.Service;

    public void Dispose()
    {
        _browser.Dispose();
        _other.Dispose();
    }

    [Fact]
    public async Task A_link_works_once_and_the_page_opens_when_the_browser_has_shown_whose_it_is()
    {
        var user = await fixture.NewUserAsync();
        var link = await LinkAsync(user);

        using var first = await _browser.PageAsync(link);
        using var second = await _other.PageAsync(link);
        using var early = await _browser.PageAsync(Page);
        var address = await Service.OpenVisitAsync(user, VisitOf(first));
        using var page = await _browser.PageAsync(Page);
        using var without = await _other.PageAsync(Page);

        Assert.Equal(HttpStatusCode.SeeOther, first.StatusCode);
        Assert.Matches($"^{Regex.Escape(VisitReturnUri)}&account_visit=[A-Za-z0-9_-]{{43}}$", first.Headers.Location!.OriginalString);
        Assert.Equal((HttpStatusCode.Unauthorized, Service.HttpAddress + Page), (early.StatusCode, address));
        Assert.Matches("^iam-account=[A-Za-z0-9_-]{43}; path=/realms/demo/account; samesite=lax; httponly$", first.Headers.GetValues("Set-Cookie").Single());
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (page.StatusCode, second.StatusCode, without.StatusCode));
        Assert.Contains("<h1>You are not signed in here</h1>", await without.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("No application has asked you for access", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_visit_opens_once_and_for_its_user_only()
    {
        var (user, other) = (await fixture.NewUserAsync(), await fixture.NewUserAsync());
        using var followed = await _browser.PageAsync(await LinkAsync(user));
        var visit = VisitOf(followed);

        await RefusesAsync("RESOURCE_NOT_FOUND", () => Service.OpenVisitAsync(other, visit));
        await RefusesAsync("RESOURCE_NOT_FOUND", () => Service.OpenVisitAsync(user, new string('0', 64)));
        await RefusesAsync("RESOURCE_NOT_FOUND", async () => await Service.Consents.FinishSelfServiceAsync(
            new() { RealmId = "other", UserId = user, Visit = visit }, ConsentReplica.Operator));
        using var closed = await _browser.PageAsync(Page);
        await Service.OpenVisitAsync(user, visit);
        await RefusesAsync("RESOURCE_NOT_FOUND", () => Service.OpenVisitAsync(user, visit));
        using var open = await _browser.PageAsync(Page);

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (closed.StatusCode, open.StatusCode));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/realms/demo")]
    [InlineData("javascript:alert(1)")]
    [InlineData("https://iam.example/#fragment")]
    public async Task A_way_back_that_is_none_is_refused(string returnUri)
    {
        var user = await fixture.NewUserAsync();

        await RefusesAsync("INVALID_ARGUMENT", () => Service.VisitLinkAsync(user, returnUri));
    }

    [Fact]
    public async Task Of_many_who_follow_a_link_at_once_one_gets_in()
    {
        var link = await LinkAsync(await fixture.NewUserAsync());

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            using var browser = new Browser(Service.HttpAddress);
            using var answer = await browser.PageAsync(link);
            return answer.StatusCode;
        }));

        Assert.Equal(1, answers.Count(status => status == HttpStatusCode.SeeOther));
        Assert.Equal(7, answers.Count(status => status == HttpStatusCode.Unauthorized));
    }

    [Fact]
    public async Task Who_only_looks_at_a_link_does_not_use_it_up()
    {
        var link = await LinkAsync(await fixture.NewUserAsync());

        using var head = await _browser.SendAsync(new HttpRequestMessage(HttpMethod.Head, link));
        using var get = await _browser.PageAsync(link);

        Assert.Equal((HttpStatusCode.MethodNotAllowed, HttpStatusCode.SeeOther), (head.StatusCode, get.StatusCode));
    }

    [Fact]
    public async Task Links_and_visits_end_by_themselves()
    {
        var user = await fixture.NewUserAsync();
        var late = await LinkAsync(user);
        fixture.Clock.Advance(TimeSpan.FromMinutes(1));
        using var tooLate = await _browser.PageAsync(late);
        await EnterAsync(_browser, user);
        fixture.Clock.Advance(TimeSpan.FromMinutes(15));
        using var over = await _browser.PageAsync(Page);

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (tooLate.StatusCode, over.StatusCode));
    }

    [Fact]
    public async Task A_visit_is_of_one_realm_and_ends_with_the_user()
    {
        var user = await fixture.NewUserAsync();
        await EnterAsync(_browser, user);
        var cookie = _browser.Cookies.GetAllCookies().Single(c => c.Name == "iam-account").Value;
        using var elsewhere = await _other.PageAsync("/realms/other/account/applications", ("Cookie", $"iam-account={cookie}"));
        using var here = await _other.PageAsync(Page, ("Cookie", $"iam-account={cookie}"));
        await fixture.ChangeAsync(new User { RealmId = "demo", UserId = user, Disabled = true });
        using var gone = await _browser.PageAsync(Page);

        Assert.Equal(
            (HttpStatusCode.Unauthorized, HttpStatusCode.OK, HttpStatusCode.Unauthorized), (elsewhere.StatusCode, here.StatusCode, gone.StatusCode));
    }

    [Fact]
    public async Task Only_users_of_the_realm_have_a_page()
    {
        await RefusesAsync("RESOURCE_NOT_FOUND", () => LinkAsync("nobody"));
        await RefusesAsync("RESOURCE_NOT_FOUND", () => LinkAsync("dave"));
    }

    [Fact]
    public async Task A_scope_can_be_denied_allowed_and_forgotten_and_a_client_revoked()
    {
        var user = await fixture.NewUserAsync();
        await Service.GrantAsync(Request(user, "web", "invoices.read", "invoices.create"), "invoices.read", "invoices.create");
        await Service.GrantAsync(Request(user, "spa", "invoices.read"), "invoices.read");
        var page = await EnterAsync(_browser, user);
        Assert.Contains("Read invoices", page, StringComparison.Ordinal);
        var proof = Browser.Hidden(page[page.LastIndexOf("<form", StringComparison.Ordinal)..], "proof");

        await ChangeAsync(proof, ("action", "deny"), ("client_id", "web"), ("organization_id", ""), ("scope", "invoices.read"));
        Assert.Equal(["spa invoices.read Granted", "web invoices.create Granted", "web invoices.read Denied"], await RecordedAsync(user));
        await ChangeAsync(proof, ("action", "allow"), ("client_id", "web"), ("organization_id", ""), ("scope", "invoices.read"));
        await ChangeAsync(proof, ("action", "forget"), ("client_id", "web"), ("organization_id", ""), ("scope", "invoices.create"));
        Assert.Equal(["spa invoices.read Granted", "web invoices.read Granted"], await RecordedAsync(user));
        await ChangeAsync(proof, ("action", "revoke"), ("client_id", "web"));
        Assert.Equal(["spa invoices.read Granted"], await RecordedAsync(user));

        using var changed = await _browser.PageAsync($"{Page}?changed=true", ("Accept-Language", "de"));
        Assert.Contains("""<p class="note good" role="status">Ihre Änderung ist gespeichert.</p>""", await changed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "Your change is saved, but it is not in effect everywhere yet", "Which applications use their access now")]
    [InlineData("de", "Ihre Änderung ist gespeichert, wirkt aber noch nicht überall", "Welche Anwendungen ihren Zugriff zurzeit benutzen")]
    public async Task While_the_token_service_is_out_of_reach_the_page_says_what_is_not_in_effect_yet(string language, string pending, string unknown)
    {
        var user = await fixture.NewUserAsync();
        await Service.GrantAsync(Request(user, "web", "invoices.read"), "invoices.read");
        var grant = fixture.Peers.AddGrant(user, "web", "", "invoices.read");
        var proof = Browser.Hidden((await EnterAsync(_browser, user)).Split("</form>")[0], "proof");

        fixture.Peers.IsDown = true;
        try
        {
            using var answer = await _browser.PostFormAsync(Page, ("proof", proof), ("action", "revoke"), ("client_id", "web"));
            Assert.Equal((HttpStatusCode.SeeOther, $"{Page}?pending=true"), (answer.StatusCode, answer.Headers.Location!.OriginalString));
            using var page = await _browser.PageAsync($"{Page}?pending=true", ("Accept-Language", language));
            var body = WebUtility.HtmlDecode(await page.Content.ReadAsStringAsync());
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
            Assert.Contains($"<p class=\"note warn\" role=\"status\">{pending}", body, StringComparison.Ordinal);
            Assert.Contains($"<p class=\"note warn\">{unknown}", body, StringComparison.Ordinal);
            Assert.Empty(await RecordedAsync(user));
            Assert.True(fixture.Peers.Grants.ContainsKey(grant.GrantId));
        }
        finally
        {
            fixture.Peers.IsDown = false;
        }

        fixture.Clock.Advance(TimeSpan.FromSeconds(10));
        await WaitForAsync(() => !fixture.Peers.Grants.ContainsKey(grant.GrantId));
    }

    [Fact]
    public async Task The_page_leads_to_all_that_the_user_decided_and_only_the_visitor_gets_it()
    {
        var user = await fixture.NewUserAsync();
        await Service.GrantAsync(Request(user, "web", "invoices.read"), "invoices.read");
        var page = await EnterAsync(_browser, user);
        Assert.Contains("<a href=\"/realms/demo/account/receipts\" download>", page, StringComparison.Ordinal);

        using var file = await _browser.PageAsync("/realms/demo/account/receipts");
        using var stranger = await _other.PageAsync("/realms/demo/account/receipts");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (file.StatusCode, stranger.StatusCode));
        Assert.Equal("no-store", file.Headers.CacheControl!.ToString());
        Assert.Equal(1, (await Browser.ReadJsonAsync(file)).GetProperty("receipts").GetArrayLength());
    }

    [Fact]
    public async Task Leaving_ends_the_visit_for_good()
    {
        var page = await EnterAsync(_browser, await fixture.NewUserAsync());
        var cookie = _browser.Cookies.GetAllCookies().Single(c => c.Name == "iam-account").Value;

        using var left = await _browser.PostFormAsync(Page, ("proof", Browser.Hidden(page, "proof")), ("action", "leave"));
        using var goodbye = await _browser.PageAsync(left.Headers.Location!.OriginalString);
        using var stolen = await _other.PageAsync(Page, ("Cookie", $"iam-account={cookie}"));

        Assert.Equal((HttpStatusCode.SeeOther, HttpStatusCode.OK, HttpStatusCode.Unauthorized), (left.StatusCode, goodbye.StatusCode, stolen.StatusCode));
        Assert.Contains("<h1>You have left the page</h1>", await goodbye.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(_browser.Cookies.GetAllCookies(), c => c.Name == "iam-account");
    }

    [Fact]
    public async Task A_form_is_good_for_the_visit_that_it_was_shown_in()
    {
        var (victim, attacker) = (await fixture.NewUserAsync(), await fixture.NewUserAsync());
        await Service.GrantAsync(Request(victim, "web", "invoices.read"), "invoices.read");
        await EnterAsync(_browser, victim);
        var attackersProof = Browser.Hidden(await EnterAsync(_other, attacker), "proof");

        foreach (var proof in new[] { attackersProof, "", new string('A', 43) })
        {
            using var answer = await _browser.PostFormAsync(Page, ("proof", proof), ("action", "revoke"), ("client_id", "web"));
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }

        Assert.Equal(["web invoices.read Granted"], await RecordedAsync(victim));
    }

    [Theory]
    [InlineData("action=revoke")]
    [InlineData("action=forget&client_id=web")]
    [InlineData("action=deny&client_id=web")]
    [InlineData("action=everything&client_id=web")]
    [InlineData("client_id=web")]
    [InlineData("action=revoke&action=revoke&client_id=web")]
    public async Task A_form_that_is_not_ours_changes_nothing(string fields)
    {
        var user = await fixture.NewUserAsync();
        await Service.GrantAsync(Request(user, "web", "invoices.read"), "invoices.read");
        var page = await EnterAsync(_browser, user);
        var proof = Browser.Hidden(page[page.LastIndexOf("<form", StringComparison.Ordinal)..], "proof");

        using var answer = await _browser.PostAsync(
            Page, "application/x-www-form-urlencoded", System.Text.Encoding.ASCII.GetBytes($"proof={proof}&{fields}"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(["web invoices.read Granted"], await RecordedAsync(user));
    }

    private Task<string> LinkAsync(string userId) => Service.VisitLinkAsync(userId);

    private static string VisitOf(HttpResponseMessage followed) => followed.Headers.Location!.OriginalString.Split("account_visit=")[1];

    private async Task<string> EnterAsync(Browser browser, string userId)
    {
        using (var followed = await browser.PageAsync(await LinkAsync(userId)))
        {
            await Service.OpenVisitAsync(userId, VisitOf(followed));
        }

        using var page = await browser.PageAsync(Page);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        return await page.Content.ReadAsStringAsync();
    }

    private static async Task WaitForAsync(Func<bool> condition)
    {
        for (var i = 0; i < 600 && !condition(); i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }

        Assert.True(condition());
    }

    private async Task ChangeAsync(string proof, params (string, string)[] fields)
    {
        using var answer = await _browser.PostFormAsync(Page, [("proof", proof), .. fields]);
        Assert.Equal((HttpStatusCode.SeeOther, $"{Page}?changed=true"), (answer.StatusCode, answer.Headers.Location!.OriginalString));
    }

    private async Task<IEnumerable<string>> RecordedAsync(string userId) =>
        (await Service.Consents.ListConsentsAsync(new() { RealmId = "demo", UserId = userId }, ConsentReplica.Operator))
            .Consents.Select(c => $"{c.ClientId} {c.Scope} {c.Decision}");
}
