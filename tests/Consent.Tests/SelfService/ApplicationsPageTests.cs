using System.Net;
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
    public async Task A_link_lets_in_once_and_keeps_the_visit_in_a_cookie_of_the_account_pages()
    {
        var user = await fixture.NewUserAsync();
        var link = await LinkAsync(user);

        using var first = await _browser.PageAsync(link);
        using var second = await _other.PageAsync(link);
        using var page = await _browser.PageAsync(Page);
        using var without = await _other.PageAsync(Page);

        Assert.Equal((HttpStatusCode.SeeOther, Page), (first.StatusCode, first.Headers.Location!.OriginalString));
        Assert.Matches("^iam-account=[A-Za-z0-9_-]{43}; path=/realms/demo/account; samesite=lax; httponly$", first.Headers.GetValues("Set-Cookie").Single());
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (page.StatusCode, second.StatusCode, without.StatusCode));
        Assert.Contains("<h1>You are not signed in here</h1>", await without.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("No application has asked you for access", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
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

    private async Task<string> LinkAsync(string userId) =>
        (await Service.Consents.StartSelfServiceAsync(new() { RealmId = "demo", UserId = userId }, ConsentReplica.Operator)).RedirectTo;

    private async Task<string> EnterAsync(Browser browser, string userId)
    {
        (await browser.PageAsync(await LinkAsync(userId))).Dispose();
        using var page = await browser.PageAsync(Page);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        return await page.Content.ReadAsStringAsync();
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
