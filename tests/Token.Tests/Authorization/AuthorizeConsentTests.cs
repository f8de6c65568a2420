using System.Net;
using Pltfrms.Iam.Errors.V1;
using Testing;

namespace Token.Tests.Authorization;

/// <summary>What the authorization endpoint makes of what the consent service and the user say.</summary>
public sealed class AuthorizeConsentTests(FlowFixture fixture) : IClassFixture<FlowFixture>, IDisposable
{
    private readonly TestBrowser _browser = fixture.Bench.Browser();

    private FlowBench Bench => fixture.Bench;

    public void Dispose()
    {
        (Bench.Consent.KnowsTheAnswer, Bench.Consent.Refusal) = (false, null);
        _browser.Dispose();
    }

    [Fact]
    public async Task Where_decisions_are_recorded_a_session_is_enough_and_prompt_none_works()
    {
        Bench.Consent.KnowsTheAnswer = true;
        var first = await Bench.LogInAsync(_browser, FlowBench.Parameters());
        Assert.NotNull(first.Parameter("code"));

        var silent = await _browser.GetAsync(FlowBench.Address(FlowBench.With(("prompt", "none"))));
        var asked = await _browser.GetAsync(FlowBench.Address(FlowBench.With(("prompt", "consent"))));
        Bench.Consent.KnowsTheAnswer = false;
        var needed = await _browser.GetAsync(FlowBench.Address(FlowBench.With(("prompt", "none"))));

        Assert.NotNull(silent.Parameter("code"));
        Assert.StartsWith(TestConsent.Page, asked.Location);
        Assert.Equal("consent_required", needed.Parameter("error"));
    }

    [Theory]
    [InlineData(ErrorReason.AccessDenied, "access_denied")]
    [InlineData(ErrorReason.InvalidScope, "invalid_scope")]
    public async Task What_the_consent_service_decides_is_told_to_the_client(ErrorReason reason, string error)
    {
        Bench.Consent.Refusal = reason;

        var page = await Bench.LogInAsync(_browser, FlowBench.Parameters());

        Assert.Equal((error, "s t&a=t/e\u00e4"), (page.Parameter("error"), page.Parameter("state")));
    }

    [Fact]
    public async Task An_outage_of_the_consent_service_is_a_page_that_says_so()
    {
        Bench.Consent.Refusal = ErrorReason.ServiceUnavailable;

        var page = await Bench.LogInAsync(_browser, FlowBench.Parameters());

        Assert.Equal((HttpStatusCode.ServiceUnavailable, null), (page.Status, page.Location));
        Assert.Equal("1", page.Headers["Retry-After"]);
    }

    [Fact]
    public async Task A_user_who_denies_sends_the_client_away_and_cannot_come_back()
    {
        var page = await Bench.LogInAsync(_browser, FlowBench.Parameters());
        Bench.Consent.Deny(page.Location![TestConsent.Page.Length..]);

        var answer = await Bench.ConsentAsync(_browser, page);
        var again = await Bench.ConsentAsync(_browser, page);

        Assert.Equal(("access_denied", FlowBench.Issuer), (answer.Parameter("error"), answer.Parameter("iss")));
        Assert.Equal((HttpStatusCode.BadRequest, null), (again.Status, again.Location));
    }

    public static TheoryData<string, string, string> Answers => new()
    {
        { "another user", "bob", "" },
        { "another client", "", "other-web" },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task An_outcome_that_is_somebody_elses_gives_no_code(string what, string userId, string clientId)
    {
        Assert.NotEmpty(what);
        var page = await Bench.LogInAsync(_browser, FlowBench.Parameters());
        Bench.Consent.Answer(page.Location![TestConsent.Page.Length..], outcome => outcome with
        {
            UserId = userId.Length > 0 ? userId : outcome.UserId,
            ClientId = clientId.Length > 0 ? clientId : outcome.ClientId,
        });

        var answer = await Bench.ConsentAsync(_browser, page);

        Assert.Equal((HttpStatusCode.BadRequest, null), (answer.Status, answer.Location));
    }

    [Fact]
    public async Task A_consent_challenge_of_another_request_is_refused()
    {
        using var attacker = Bench.Browser();
        var theirs = await Bench.LogInAsync(attacker, FlowBench.Parameters(), "bob");
        var mine = await Bench.LogInAsync(_browser, FlowBench.Parameters());
        var resume = Bench.Consent.Questions.Last().ReturnUri;

        var injected = await _browser.GetAsync($"{resume}&consent_challenge={theirs.Location![TestConsent.Page.Length..]}");
        var right = await _browser.GetAsync($"{resume}&consent_challenge={mine.Location![TestConsent.Page.Length..]}");
        var twice = await _browser.GetAsync($"{resume}&consent_challenge={mine.Location![TestConsent.Page.Length..]}");

        Assert.Equal((HttpStatusCode.BadRequest, null), (injected.Status, injected.Location));
        Assert.NotNull(right.Parameter("code"));
        Assert.Equal((HttpStatusCode.BadRequest, null), (twice.Status, twice.Location));
    }
}
