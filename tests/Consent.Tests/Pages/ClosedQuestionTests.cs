using System.Net;
using Consent.Tests.Hosting;
using static Consent.Tests.Hosting.DialogCalls;

namespace Consent.Tests.Pages;

/// <summary>Questions that are too old or answered: what who comes to them is told.</summary>
public sealed class ClosedQuestionTests(ConsentServiceFixture fixture) : IClassFixture<ConsentServiceFixture>, IDisposable
{
    private readonly string _user = Guid.CreateVersion7().ToString();
    private readonly Browser _browser = new(fixture.Service.HttpAddress);

    private ConsentReplica Service => fixture.Service;

    public void Dispose() => _browser.Dispose();

    [Fact]
    public async Task A_question_that_is_too_old_has_a_way_back_for_a_while_and_the_client_is_told()
    {
        var challenge = await StartAsync("web", "invoices.read");
        fixture.Clock.Advance(TimeSpan.FromMinutes(10));

        using var asked = await _browser.PageAsync($"/realms/demo/consent/{challenge}");
        using var answered = await _browser.SendAsync(DecisionAsPage(challenge));
        using var json = await _browser.JsonAsync($"/realms/demo/consent/{challenge}");
        fixture.Clock.Advance(TimeSpan.FromHours(1));
        using var later = await _browser.PageAsync($"/realms/demo/consent/{challenge}");

        var link = $"<a href=\"http://127.0.0.1:8080/realms/demo/oauth2/authorize/continue?x=1&amp;consent_challenge={challenge}\">Back to the application</a>";
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (asked.StatusCode, answered.StatusCode));
        Assert.Contains(link, await asked.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains(link, await answered.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("""{"error":"invalid_request","error_description":"There is no such consent challenge, or it has expired."}""", (await Browser.ReadJsonAsync(json)).GetRawText());
        Assert.DoesNotContain("<a href=\"http", await later.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_question_that_is_answered_has_a_way_back_until_the_answer_is_fetched()
    {
        var challenge = await StartAsync("web", "invoices.read");
        await Service.SubmitAsync(Accept(challenge, _user, "invoices.read"));
        using var before = await _browser.PageAsync($"/realms/demo/consent/{challenge}", ("Accept-Language", "de"));
        await Service.FinishAsync(challenge);
        using var after = await _browser.PageAsync($"/realms/demo/consent/{challenge}");
        using var foreign = await _browser.PageAsync($"/realms/other/consent/{challenge}");

        Assert.Contains($"consent_challenge={challenge}\">Zurück zur Anwendung</a>", await before.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("<a href=\"http", await after.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("<a href=\"http", await foreign.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static HttpRequestMessage DecisionAsPage(string challenge)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/realms/demo/consent/{challenge}/decision")
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["decision"] = "accept" }),
        };
        request.Headers.Accept.ParseAdd("text/html");
        return request;
    }

    private async Task<string> StartAsync(string clientId, params string[] scopes)
    {
        await fixture.AddUserAsync(_user);
        return (await Service.StartAsync(Request(_user, clientId, scopes))).Challenge;
    }
}
