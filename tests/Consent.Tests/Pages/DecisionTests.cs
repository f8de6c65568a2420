using System.Net;
using Consent.Tests.Hosting;
using static Consent.Tests.Hosting.DialogCalls;

namespace Consent.Tests.Pages;

/// <summary>Decisions at our own page and over the JSON API, and what an attacker tries with them.</summary>
public sealed class DecisionTests(ConsentServiceFixture fixture) : IClassFixture<ConsentServiceFixture>, IDisposable
{
    private const string Continue = "http://127.0.0.1:8080/realms/demo/oauth2/authorize/continue?x=1&consent_challenge=";

    private readonly string _user = Guid.CreateVersion7().ToString();
    private readonly Browser _browser = new(fixture.Service.HttpAddress);
    private readonly Browser _other = new(fixture.Service.HttpAddress);

    private ConsentReplica Service => fixture.Service;

    public void Dispose()
    {
        _browser.Dispose();
        _other.Dispose();
    }

    [Fact]
    public async Task The_form_grants_what_is_ticked_and_sends_the_browser_on()
    {
        var challenge = await StartAsync("web", "invoices.read", "invoices.create");
        var proof = await ProofAsync(_browser, challenge);

        using var answer = await SubmitAsync(_browser, challenge, proof, ("scope", "invoices.create"), ("remember", "true"), ("language", "en"));

        Assert.Equal((HttpStatusCode.SeeOther, Continue + challenge), (answer.StatusCode, answer.Headers.Location!.OriginalString));
        Assert.Equal(["invoices.create"], (await Service.FinishAsync(challenge)).Outcome.Scopes);
        var recorded = (await Service.Consents.ListConsentsAsync(new() { RealmId = "demo", UserId = _user }, ConsentReplica.Operator)).Consents;
        Assert.Equal(["invoices.create:Granted:local_page:en", "invoices.read:Denied:local_page:en"], recorded.Select(c => $"{c.Scope}:{c.Decision}:{c.Method}:{c.TextLanguage}"));
    }

    [Fact]
    public async Task A_required_scope_is_granted_with_an_acceptance_though_its_box_is_never_sent()
    {
        var challenge = await StartAsync("strict", "invoices.read", "invoices.create");
        var proof = await ProofAsync(_browser, challenge);

        using var answer = await SubmitAsync(_browser, challenge, proof, ("scope", "invoices.create"));

        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.Equal(["invoices.read", "invoices.create"], (await Service.FinishAsync(challenge)).Outcome.Scopes);
    }

    [Fact]
    public async Task Denying_denies_all_whatever_is_ticked()
    {
        var challenge = await StartAsync("strict", "invoices.read");
        var proof = await ProofAsync(_browser, challenge);

        using var answer = await _browser.PostFormAsync(Decision(challenge), ("proof", proof), ("decision", "deny"), ("scope", "invoices.read"));

        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        await RefusesAsync("ACCESS_DENIED", () => Service.FinishAsync(challenge));
    }

    [Fact]
    public async Task Json_decides_the_same_and_tells_where_to_go()
    {
        var challenge = await StartAsync("web", "invoices.read", "payments.refund");

        using var answer = await _browser.PostJsonAsync(
            Decision(challenge), new { decision = "accept", scopes = new[] { "payments.refund" }, remember = true, language = "fr", user_id = _user });

        var json = await Browser.ReadJsonAsync(answer);
        Assert.Equal((HttpStatusCode.OK, Continue + challenge), (answer.StatusCode, json.GetProperty("redirect_to").GetString()));
        Assert.Equal(["payments.refund"], (await Service.FinishAsync(challenge)).Outcome.Scopes);
        var recorded = (await Service.Consents.ListConsentsAsync(new() { RealmId = "demo", UserId = _user }, ConsentReplica.Operator)).Consents;
        Assert.All(recorded, c => Assert.Equal("json_api", c.Method));
    }

    [Fact]
    public async Task Several_questions_can_be_open_in_one_browser()
    {
        var first = await StartAsync("web", "invoices.read");
        var second = await StartAsync("spa", "invoices.create");
        var firstProof = await ProofAsync(_browser, first);
        var secondProof = await ProofAsync(_browser, second);

        using var firstAnswer = await SubmitAsync(_browser, first, firstProof, ("scope", "invoices.read"));
        using var secondAnswer = await SubmitAsync(_browser, second, secondProof, ("scope", "invoices.create"));

        Assert.Equal((HttpStatusCode.SeeOther, HttpStatusCode.SeeOther), (firstAnswer.StatusCode, secondAnswer.StatusCode));
        Assert.Single(_browser.Cookies.GetAllCookies());
    }

    [Fact]
    public async Task A_form_is_good_only_in_the_browser_that_it_was_shown_to_and_for_its_own_question()
    {
        var challenge = await StartAsync("web", "invoices.read");
        var foreign = await StartAsync("spa", "invoices.read");
        var proof = await ProofAsync(_browser, challenge);
        var proofOfOther = await ProofAsync(_other, foreign);

        await RefusedAsync(await SubmitAsync(_other, challenge, proof, ("scope", "invoices.read")));
        await RefusedAsync(await SubmitAsync(_other, challenge, proofOfOther, ("scope", "invoices.read")));
        await RefusedAsync(await SubmitAsync(_browser, challenge, proofOfOther, ("scope", "invoices.read")));
        await RefusedAsync(await SubmitAsync(_browser, challenge, "", ("scope", "invoices.read")));
        using var without = new Browser(Service.HttpAddress);
        await RefusedAsync(await SubmitAsync(without, challenge, proof, ("scope", "invoices.read")));
        await RefusesAsync("CHALLENGE_NOT_ANSWERED", () => Service.FinishAsync(challenge));
    }

    [Theory]
    [InlineData("cross-site")]
    [InlineData("same-site")]
    public async Task A_form_that_another_site_sends_is_refused_by_what_the_browser_says_of_it(string site)
    {
        var challenge = await StartAsync("web", "invoices.read");
        var body = Browser.Encode(("proof", await ProofAsync(_browser, challenge)), ("decision", "accept"), ("scope", "invoices.read"));

        await RefusedAsync(await _browser.PostAsync(
            Decision(challenge), "application/x-www-form-urlencoded", System.Text.Encoding.ASCII.GetBytes(body), ("Sec-Fetch-Site", site)));
    }

    [Fact]
    public async Task What_was_not_asked_cannot_be_granted_and_nothing_is_decided()
    {
        var challenge = await StartAsync("web", "invoices.read");
        var proof = await ProofAsync(_browser, challenge);

        await RefusedAsync(await SubmitAsync(_browser, challenge, proof, ("scope", "invoices.read"), ("scope", "invoices.approve")));
        await RefusedAsync(await _browser.PostJsonAsync(Decision(challenge), new { decision = "accept", scopes = new[] { "invoices.approve" } }));
        await RefusedAsync(await _browser.PostJsonAsync(Decision(challenge), new { decision = "accept", scopes = new[] { "invoices.read" }, user_id = "bob" }));
        await RefusesAsync("CHALLENGE_NOT_ANSWERED", () => Service.FinishAsync(challenge));
        Assert.Empty((await Service.Consents.ListConsentsAsync(new() { RealmId = "demo", UserId = _user }, ConsentReplica.Operator)).Consents);
    }

    [Fact]
    public async Task Of_many_answers_at_once_one_counts()
    {
        var challenge = await StartAsync("web", "invoices.read");

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            using var answer = await _browser.PostJsonAsync(Decision(challenge), new { decision = i % 2 == 0 ? "accept" : "deny", scopes = i % 2 == 0 ? new[] { "invoices.read" } : [] });
            return answer.StatusCode;
        }));

        Assert.Equal([.. Enumerable.Repeat(HttpStatusCode.Conflict, 7), HttpStatusCode.OK], answers.OrderByDescending(status => status));
    }

    private static string Decision(string challenge) => $"/realms/demo/consent/{challenge}/decision";

    private static async Task<string> ProofAsync(Browser browser, string challenge)
    {
        using var page = await browser.PageAsync($"/realms/demo/consent/{challenge}");
        return Browser.Hidden(await page.Content.ReadAsStringAsync(), "proof");
    }

    private static Task<HttpResponseMessage> SubmitAsync(Browser browser, string challenge, string proof, params (string, string)[] fields) =>
        browser.PostFormAsync(Decision(challenge), [("proof", proof), ("decision", "accept"), .. fields]);

    private static async Task RefusedAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Equal("invalid_request", (await Browser.ReadJsonAsync(answer)).GetProperty("error").GetString());
        }
    }

    private async Task<string> StartAsync(string clientId, params string[] scopes)
    {
        await fixture.AddUserAsync(_user);
        return (await Service.StartAsync(Request(_user, clientId, scopes))).Challenge;
    }
}
