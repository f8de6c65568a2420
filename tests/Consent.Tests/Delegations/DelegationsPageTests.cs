using System.Net;
using Consent.Tests.Hosting;
using Pltfrms.Iam.Common.Realms.Model;

namespace Consent.Tests.Delegations;

/// <summary>The page "who may act for you": what it shows and offers, and what an attacker tries.</summary>
public sealed class DelegationsPageTests(ConsentServiceFixture fixture) : IClassFixture<ConsentServiceFixture>, IAsyncLifetime, IDisposable
{
    private const string Page = "/realms/demo/account/delegations";

    private readonly Browser _browser = new(fixture.Service.HttpAddress);
    private readonly Browser _other = new(fixture.Service.HttpAddress);

    private ConsentReplica Service => fixture.Service;

    public Task InitializeAsync() => fixture.ChangeAsync(
        (Realm)ConsentRealm.Resources("demo")[0] with { TokenExchange = new() { Rules = [new() { Name = "d", Source = TokenExchangeSource.Delegation, ActorClientIds = ["bot"] }] } },
        Client("bot", "Bot <b>"),
        Client("idle", "Idle"),
        new Role { RealmId = "demo", RoleId = "reader", Permissions = ["invoices.read", "iam.users.read"] });

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        _browser.Dispose();
        _other.Dispose();
    }

    [Theory]
    [InlineData("en", "Who may act for you", "Read invoices", "7 days")]
    [InlineData("de", "Wer für Sie handeln darf", "Rechnungen lesen", "7 Tagen")]
    public async Task It_offers_what_the_user_holds_to_clients_that_may_use_it(string language, string heading, string scope, string period)
    {
        var page = WebUtility.HtmlDecode(await EnterAsync(_browser, await ReaderAsync(), language));

        Assert.Contains($"<h1>{heading}</h1>", page, StringComparison.Ordinal);
        Assert.Contains(scope, page, StringComparison.Ordinal);
        Assert.Contains($">{period}</option>", page, StringComparison.Ordinal);
        Assert.Contains("""<option value="bot">Bot <b></option>""", page, StringComparison.Ordinal);
        Assert.DoesNotContain("idle", page, StringComparison.Ordinal);
        Assert.DoesNotContain("invoices.create", page, StringComparison.Ordinal);
        Assert.DoesNotContain("iam.users.read", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task What_is_granted_goes_to_realm_admin_in_the_users_name_and_shows_at_once()
    {
        var user = await ReaderAsync();
        var page = await EnterAsync(_browser, user);

        using var answer = await _browser.PostFormAsync(
            Page, ("proof", ProofOf(page)), ("action", "grant"), ("delegate_client_id", "bot"), ("delegate_user_id", " "), ("scope", "invoices.read"),
            ("organization_id", ""), ("days", "30"), ("max_depth", "2"), ("reason", "<i>away</i>"));

        Assert.Equal((HttpStatusCode.SeeOther, $"{Page}?changed=true"), (answer.StatusCode, answer.Headers.Location!.OriginalString));
        var sent = fixture.Peers.Delegated.Last(request => request.UserId == user).Delegation;
        Assert.Equal(
            ("bot", "invoices.read", 2, fixture.Clock.GetUtcNow() + TimeSpan.FromDays(30)),
            (sent.DelegateClientId, Assert.Single(sent.Scopes), sent.MaxDepth, sent.ExpireTime.ToDateTimeOffset()));
        using var after = await _browser.PageAsync($"{Page}?changed=true");
        var shown = await after.Content.ReadAsStringAsync();
        Assert.Contains("&lt;i&gt;away&lt;/i&gt;", shown, StringComparison.Ordinal);
        Assert.Contains("Your change is saved.", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_is_good_for_the_visit_and_the_page_that_it_was_shown_in()
    {
        var victim = await ReaderAsync();
        await EnterAsync(_browser, victim);
        var attackers = ProofOf(await EnterAsync(_other, await ReaderAsync()));
        using var applications = await _browser.PageAsync("/realms/demo/account/applications");
        var another = Browser.Hidden((await applications.Content.ReadAsStringAsync()).Split("</form>")[0], "proof");

        foreach (var proof in new[] { attackers, another, "", new string('A', 43) })
        {
            using var answer = await _browser.PostFormAsync(
                Page, ("proof", proof), ("action", "grant"), ("delegate_client_id", "bot"), ("scope", "invoices.read"), ("days", "1"), ("max_depth", "0"));
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }

        Assert.DoesNotContain(fixture.Peers.Delegated, request => request.UserId == victim);
    }

    [Theory]
    [InlineData("action=grant&delegate_client_id=bot&scope=invoices.read&days=366&max_depth=0", "?refused=incomplete")]
    [InlineData("action=grant&delegate_client_id=bot&scope=invoices.read&days=1&max_depth=10", "?refused=incomplete")]
    [InlineData("action=grant&delegate_client_id=bot&scope=invoices.read&days=&max_depth=0", "?refused=incomplete")]
    [InlineData("action=grant&delegate_client_id=bot&delegate_user_id=x&scope=invoices.read&days=1&max_depth=0", "?refused=incomplete")]
    [InlineData("action=grant&scope=invoices.read&days=1&max_depth=0", "?refused=incomplete")]
    [InlineData("action=everything", "")]
    [InlineData("action=grant&action=grant", "")]
    public async Task What_the_form_cannot_say_is_sent_to_nobody(string fields, string leadsTo)
    {
        var user = await ReaderAsync();
        var proof = ProofOf(await EnterAsync(_browser, user));

        using var answer = await _browser.PostAsync(
            Page, "application/x-www-form-urlencoded", System.Text.Encoding.ASCII.GetBytes($"proof={proof}&{fields}"));

        Assert.Equal(leadsTo.Length == 0 ? HttpStatusCode.BadRequest : HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.Equal(leadsTo.Length == 0 ? null : Page + leadsTo, answer.Headers.Location?.OriginalString);
        Assert.DoesNotContain(fixture.Peers.Delegated, request => request.UserId == user);
    }

    [Fact]
    public async Task Nobody_gets_in_without_a_visit_and_without_a_rule_nothing_is_offered()
    {
        using var stranger = await _other.PageAsync(Page);
        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);

        await fixture.ChangeAsync(ConsentRealm.Resources("demo")[0]);
        var page = await EnterAsync(_browser, await ReaderAsync());

        Assert.Contains("Here nobody acts for anybody else.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<fieldset", page, StringComparison.Ordinal);
    }

    private static Client Client(string clientId, string name) => ConsentRealm.Web("demo", clientId) with
    {
        DisplayName = name,
        ClientType = ClientType.Service,
        GrantTypes = ["urn:ietf:params:oauth:grant-type:token-exchange"],
    };

    private static string ProofOf(string page) => Browser.Hidden(page[page.LastIndexOf("<form", StringComparison.Ordinal)..], "proof");

    private async Task<string> ReaderAsync()
    {
        var user = await fixture.NewUserAsync();
        await fixture.ChangeAsync(new RoleBinding { RealmId = "demo", RoleBindingId = $"rb-{user}", MemberType = MemberType.User, MemberId = user, RoleId = "reader" });
        return user;
    }

    private async Task<string> EnterAsync(Browser browser, string userId, string language = "en")
    {
        using (var followed = await browser.PageAsync(await Service.VisitLinkAsync(userId)))
        {
            await Service.OpenVisitAsync(userId, followed.Headers.Location!.OriginalString.Split("account_visit=")[1]);
        }

        using var page = await browser.PageAsync(Page, ("Accept-Language", language));
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        return await page.Content.ReadAsStringAsync();
    }
}
