using System.Net;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Errors.V1;
using Testing;
using Token.Tests.Authorization;

namespace Token.Tests.Account;

/// <summary>The way to the page "applications with access": who gets there, and what an attacker tries.</summary>
public sealed class ApplicationsEndpointTests(FlowFixture fixture) : IClassFixture<FlowFixture>, IDisposable
{
    private const string Applications = "/realms/demo/account/applications";
    private const string Cookie = "iam-session.demo";

    private readonly TestBrowser _browser = fixture.Bench.Browser();
    private readonly TestBrowser _other = fixture.Bench.Browser();

    private FlowBench Bench => fixture.Bench;

    public void Dispose()
    {
        _browser.Dispose();
        _other.Dispose();
    }

    [Fact]
    public async Task Who_is_not_logged_in_logs_in_and_goes_on_to_the_page()
    {
        var login = await _browser.GetAsync($"{Applications}?ui_locales=de%20en");
        Assert.Equal((HttpStatusCode.OK, null), (login.Status, login.Location));
        Assert.Contains("To see which applications have access to your account", login.Body);

        var page = await LogInAsync(_browser, login, "carol");
        Assert.Equal("no-store", page.Headers["Cache-Control"]);
        var visit = Bench.Consent.Visits.Last();
        Assert.Equal(("demo", "carol", "de en"), (visit.RealmId, visit.UserId, visit.UiLocales));
        Assert.StartsWith($"{FlowBench.Issuer}/oauth2/authorize/resume?request=", visit.ReturnUri);

        var opened = await _browser.GetAsync(BackFrom(page));
        Assert.Equal((HttpStatusCode.Found, TestConsent.AccountPage), (opened.Status, opened.Location));
    }

    [Fact]
    public async Task Who_is_logged_in_is_not_asked_again_as_long_as_the_session_lasts()
    {
        await LogInAsync(_browser, await _browser.GetAsync(Applications), "carol");

        Assert.StartsWith(TestConsent.VisitPage, (await _browser.GetAsync(Applications)).Location);
        Bench.Clock.Advance(TimeSpan.FromMinutes(60));
        Assert.Contains("name=\"username\"", (await _browser.GetAsync(Applications)).Body);
    }

    [Fact]
    public async Task The_page_of_the_session_links_to_it()
    {
        await LogInAsync(_browser, await _browser.GetAsync(Applications), "carol");

        Assert.Contains($"<a href=\"{FlowBench.PublicAddress}{Applications}\">", (await _browser.GetAsync("/realms/demo/logout")).Body);
        Assert.DoesNotContain(Applications, (await _other.GetAsync("/realms/demo/logout")).Body);
    }

    [Fact]
    public async Task A_session_of_another_realm_is_none_here()
    {
        await LogInAsync(_browser, await _browser.GetAsync("/realms/other/account/applications"), "carol", "other");
        _browser.Cookies[Cookie] = _browser.Cookies["iam-session.other"];

        Assert.Contains("name=\"username\"", (await _browser.GetAsync(Applications)).Body);
    }

    [Fact]
    public async Task A_user_who_is_disabled_does_not_get_there()
    {
        var user = Guid.CreateVersion7().ToString();
        await Bench.One.ReachAsync("demo", Bench.Realms.Change("demo", new User { RealmId = "demo", UserId = user }));
        var page = await LogInAsync(_browser, await _browser.GetAsync(Applications), user);
        await Bench.One.ReachAsync("demo", Bench.Realms.Change("demo", new User { RealmId = "demo", UserId = user, Disabled = true }));

        var begun = await _browser.GetAsync(BackFrom(page));
        var anew = await _browser.GetAsync(Applications);
        var refused = await _browser.PostAsync($"{FlowBench.Authorize}/login", ("request", anew.Hidden("request")), ("username", user));

        Assert.Equal((HttpStatusCode.BadRequest, null), (begun.Status, begun.Location));
        Assert.Equal((HttpStatusCode.BadRequest, null), (refused.Status, refused.Location));
    }

    [Fact]
    public async Task Another_browser_cannot_go_on_with_it_whoever_is_logged_in_there()
    {
        var page = await LogInAsync(_browser, await _browser.GetAsync(Applications), "carol");
        var stolen = BackFrom(page);

        var stranger = await _other.GetAsync(stolen);
        await LogInAsync(_other, await _other.GetAsync(Applications), "bob");
        var bob = await _other.GetAsync(stolen);
        using var third = Bench.Browser();
        await LogInAsync(third, await third.GetAsync(Applications), "carol");
        var carol = await third.GetAsync(stolen);

        Assert.All([stranger, bob, carol], answer => Assert.Equal((HttpStatusCode.BadRequest, null), (answer.Status, answer.Location)));
        Assert.Equal(TestConsent.AccountPage, (await _browser.GetAsync(stolen)).Location);
    }

    [Fact]
    public async Task Somebody_elses_visit_does_not_open_in_this_browser()
    {
        var mine = await LogInAsync(_browser, await _browser.GetAsync(Applications), "carol");
        var theirs = await LogInAsync(_other, await _other.GetAsync(Applications), "bob");

        var lured = await _browser.GetAsync(BackFrom(mine).Split("account_visit=")[0] + "account_visit=" + VisitOf(theirs));
        var invented = await _browser.GetAsync(BackFrom(mine).Split("account_visit=")[0] + "account_visit=invented");

        Assert.All([lured, invented], answer => Assert.Equal((HttpStatusCode.BadRequest, null), (answer.Status, answer.Location)));
    }

    [Fact]
    public async Task It_works_once()
    {
        var page = await LogInAsync(_browser, await _browser.GetAsync(Applications), "carol");

        Assert.Equal(HttpStatusCode.Found, (await _browser.GetAsync(BackFrom(page))).Status);
        var again = await _browser.GetAsync(BackFrom(page));
        var login = await _browser.GetAsync(BackFrom(page).Split("&account_visit")[0]);

        Assert.All([again, login], answer => Assert.Equal((HttpStatusCode.BadRequest, null), (answer.Status, answer.Location)));
    }

    [Fact]
    public async Task Another_user_who_logs_in_meanwhile_does_not_open_it()
    {
        var carols = BackFrom(await LogInAsync(_browser, await _browser.GetAsync(Applications), "carol"));
        await _browser.PostAsync("/realms/demo/logout");
        await LogInAsync(_browser, await _browser.GetAsync(Applications), "bob");

        Assert.Equal(HttpStatusCode.BadRequest, (await _browser.GetAsync(carols)).Status);
    }

    [Fact]
    public async Task A_request_of_a_client_opens_no_pages_and_a_visit_is_no_request_of_a_client()
    {
        await Bench.LogInAsync(_browser, FlowBench.Parameters());
        var client = Bench.Consent.Questions.Last().ReturnUri;
        var visit = await _browser.GetAsync(Applications);

        var opened = await _browser.GetAsync($"{client}&account_visit={VisitOf(visit)}");
        var answered = await _browser.GetAsync($"{Bench.Consent.Visits.Last().ReturnUri}&consent_challenge=challenge-1");

        Assert.All([opened, answered], answer => Assert.Equal((HttpStatusCode.BadRequest, null), (answer.Status, answer.Location)));
    }

    [Theory]
    [InlineData("?redirect_uri=https://evil.example/&return_uri=https://evil.example/&next=//evil.example")]
    [InlineData("?client_id=demo-web&request_uri=urn:x&prompt=none&state=x")]
    public async Task Nothing_in_the_link_leads_elsewhere(string query)
    {
        var page = await LogInAsync(_browser, await _browser.GetAsync(Applications + query), "carol");

        Assert.StartsWith(TestConsent.VisitPage, page.Location);
        Assert.StartsWith($"{FlowBench.Issuer}/oauth2/authorize/resume?request=", Bench.Consent.Visits.Last().ReturnUri);
        Assert.Equal(TestConsent.AccountPage, (await _browser.GetAsync(BackFrom(page))).Location);
    }

    [Theory]
    [InlineData("?ui_locales=%00")]
    [InlineData("?ui_locales=de&ui_locales=en")]
    [InlineData("?ui_locales=%0d%0aSet-Cookie:x=y")]
    public async Task A_link_that_is_not_well_formed_is_refused(string query) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await _browser.GetAsync(Applications + query)).Status);

    [Fact]
    public async Task Only_links_lead_there()
    {
        var posted = await _browser.PostAsync(Applications);

        Assert.Equal((HttpStatusCode.MethodNotAllowed, "GET, HEAD"), (posted.Status, posted.Headers["Allow"]));
    }

    [Fact]
    public async Task A_client_that_may_not_have_what_it_asks_for_is_told_no_more_than_that()
    {
        Bench.Consent.Refusal = ErrorReason.AccessDenied;
        Bench.Consent.RefusalMetadata = new Dictionary<string, string> { ["authorization_id"] = "0190-secret-run" };
        try
        {
            var answer = await Bench.LogInAsync(_browser, FlowBench.Parameters());

            Assert.Equal(("access_denied", "The consent service said no."), (answer.Parameter("error"), answer.Parameter("error_description")));
            Assert.DoesNotContain("0190-secret-run", answer.Location);
        }
        finally
        {
            Bench.Consent.Refusal = null;
        }
    }

    private async Task<TestBrowser.Page> LogInAsync(TestBrowser browser, TestBrowser.Page login, string userName, string realmId = "demo")
    {
        var posted = await browser.PostAsync($"/realms/{realmId}/oauth2/authorize/login", ("request", login.Hidden("request")), ("username", userName));
        Assert.Equal(HttpStatusCode.SeeOther, posted.Status);
        var page = await browser.FollowAsync(posted);
        Assert.StartsWith(TestConsent.VisitPage, page.Location);
        return page;
    }

    /// <summary>Where the consent service sends the browser back to.</summary>
    private string BackFrom(TestBrowser.Page page) => $"{Bench.Consent.Visits.Last().ReturnUri}&account_visit={VisitOf(page)}";

    private static string VisitOf(TestBrowser.Page page) => page.Location![TestConsent.VisitPage.Length..];
}
