using System.Net;
using Consent.Tests.Hosting;
using Testing;
using static Consent.Tests.Hosting.DialogCalls;

namespace Consent.Tests.Remote;

/// <summary>Answers that nobody may believe, ways past the remote consent server, and a server whose keys cannot be had.</summary>
public sealed class RemoteConsentAttackTests(ConsentServiceFixture fixture, RemoteConsentServer remote)
    : RemoteConsentScenario(fixture, remote), IClassFixture<ConsentServiceFixture>, IClassFixture<RemoteConsentServer>
{
    [NodeTheory]
    [InlineData("wrong-nonce")]
    [InlineData("no-nonce")]
    [InlineData("wrong-audience")]
    [InlineData("many-audiences")]
    [InlineData("wrong-issuer")]
    [InlineData("wrong-subject")]
    [InlineData("expired")]
    [InlineData("future")]
    [InlineData("too-long")]
    [InlineData("no-expiry")]
    [InlineData("text-times")]
    [InlineData("no-scopes")]
    [InlineData("text-scopes")]
    [InlineData("alg-none")]
    [InlineData("unsigned")]
    [InlineData("hs256")]
    [InlineData("stranger")]
    [InlineData("unknown-key")]
    [InlineData("wrong-type")]
    [InlineData("critical")]
    [InlineData("tampered-claims")]
    [InlineData("tampered")]
    [InlineData("unencrypted")]
    [InlineData("other-realm")]
    [InlineData("wrong-encryption")]
    [InlineData("wrong-agreement")]
    [InlineData("garbage")]
    [InlineData("empty")]
    public async Task An_answer_that_cannot_be_believed_ends_in_invalid_request_and_nothing_is_recorded(string mode)
    {
        await UseAsync($"mode={mode}&remember=true");
        var challenge = await StartAsync("web", "en", "invoices.read");

        using var answer = await AnswerAsync(challenge);

        Assert.Equal((HttpStatusCode.SeeOther, Continue + challenge), (answer.StatusCode, answer.Headers.Location!.OriginalString));
        await RefusesAsync("INVALID_REQUEST", () => Service.FinishAsync(challenge));
        Assert.Empty(await RecordedAsync());
    }

    [NodeFact]
    public async Task What_was_granted_before_is_not_granted_by_an_answer_that_cannot_be_believed()
    {
        await Fixture.AddUserAsync(User);
        await Service.GrantAsync(Request(User, "web", "invoices.read"), "invoices.read");
        await UseAsync("mode=wrong-nonce");
        var challenge = await StartAsync("web", "en", "invoices.read", "invoices.create");

        (await AnswerAsync(challenge)).Dispose();

        await RefusesAsync("INVALID_REQUEST", () => Service.FinishAsync(challenge));
    }

    [NodeFact]
    public async Task An_answer_counts_once_and_for_its_own_question()
    {
        await UseAsync("grant=invoices.read");
        var first = await StartAsync("web", "en", "invoices.read");
        var second = await StartAsync("spa", "en", "invoices.read");
        using var sent = await AskAsync(first);
        var callback = sent.Headers.Location!.OriginalString;

        using var elsewhere = await Browser.PageAsync(callback.Replace(first, second, StringComparison.Ordinal));
        using var once = await Browser.PageAsync(callback);
        using var twice = await Browser.PageAsync(callback);

        Assert.Equal((HttpStatusCode.SeeOther, HttpStatusCode.SeeOther, HttpStatusCode.Conflict), (elsewhere.StatusCode, once.StatusCode, twice.StatusCode));
        Assert.Equal(["invoices.read"], (await Service.FinishAsync(first)).Outcome.Scopes);
        await RefusesAsync("INVALID_REQUEST", () => Service.FinishAsync(second));
    }

    [NodeFact]
    public async Task Users_of_the_realm_cannot_answer_past_it()
    {
        await UseAsync("");
        var challenge = await StartAsync("web", "en", "invoices.read");

        using var json = await Browser.JsonAsync($"{Suite}/{challenge}");
        using var decision = await Browser.PostJsonAsync($"{Suite}/{challenge}/decision", new { decision = "accept", scopes = new[] { "invoices.read" } });
        using var form = await Browser.PostFormAsync($"{Suite}/{challenge}/decision", ("decision", "accept"), ("scope", "invoices.read"));

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.NotFound), (json.StatusCode, decision.StatusCode, form.StatusCode));
        await RefusesAsync("CHALLENGE_NOT_ANSWERED", () => Service.FinishAsync(challenge));
    }

    [NodeTheory]
    [InlineData("jwks-none")]
    [InlineData("jwks-off-curve")]
    [InlineData("jwks-redirect")]
    [InlineData("jwks-large")]
    [InlineData("jwks-slow")]
    [InlineData("jwks-text")]
    [InlineData("jwks-missing")]
    public async Task Without_its_keys_the_user_is_told_to_try_again_and_the_question_stays_open(string keys)
    {
        await UseAsync("", keys);
        var challenge = await StartAsync("web", "en", "invoices.read");

        using var page = await Browser.PageAsync($"{Suite}/{challenge}");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, page.StatusCode);
        Assert.Contains("<h1>Not available at the moment</h1>", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await RefusesAsync("CHALLENGE_NOT_ANSWERED", () => Service.FinishAsync(challenge));
    }
}
