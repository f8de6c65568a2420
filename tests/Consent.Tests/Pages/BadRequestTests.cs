using System.Net;
using System.Text;
using Consent.Tests.Hosting;
using static Consent.Tests.Hosting.DialogCalls;

namespace Consent.Tests.Pages;

/// <summary>Whatever is sent, the answer is a refusal and never a fault of the server; nothing is decided.</summary>
public sealed class BadRequestTests(ConsentServiceFixture fixture) : IClassFixture<ConsentServiceFixture>, IDisposable
{
    private const string Form = "application/x-www-form-urlencoded";
    private const string Json = "application/json";

    private readonly string _user = Guid.CreateVersion7().ToString();
    private readonly Browser _browser = new(fixture.Service.HttpAddress);

    public void Dispose() => _browser.Dispose();

    public static TheoryData<string, string?, string, int> Bodies() => new()
    {
        { "no content type", null, "decision=deny", 415 },
        { "text", "text/plain", "decision=deny", 415 },
        { "multipart", "multipart/form-data; boundary=x", "--x--", 415 },
        { "a content type that is none", ";;=", "decision=deny", 415 },
        { "another encoding", "application/json; charset=utf-16", "{}", 415 },
        { "no body as JSON", Json, "", 400 },
        { "no object", Json, "[]", 400 },
        { "null", Json, "null", 400 },
        { "broken JSON", Json, "{\"decision\":", 400 },
        { "deep JSON", Json, string.Concat(Enumerable.Repeat("{\"a\":", 100)), 400 },
        { "a name twice", Json, """{"decision":"deny","decision":"accept"}""", 400 },
        { "no decision", Json, "{}", 400 },
        { "a decision that is none", Json, """{"decision":"maybe"}""", 400 },
        { "a decision of another type", Json, """{"decision":true}""", 400 },
        { "scopes as text", Json, """{"decision":"accept","scopes":"invoices.read"}""", 400 },
        { "scopes of another type", Json, """{"decision":"accept","scopes":[1]}""", 400 },
        { "remember as text", Json, """{"decision":"deny","remember":"yes"}""", 400 },
        { "half a surrogate pair", Json, """{"decision":"deny","language":"\ud800"}""", 400 },
        { "half a surrogate pair as a name", Json, """{"\ud800":1,"\ud800":2,"decision":"x"}""", 400 },
        { "bytes that are not UTF-8", Json, "{\"decision\":\"deny\",\"language\":\"\u00ff\u00fe\"}", 400 },
        { "a language that is none", Json, """{"decision":"deny","language":"not a language"}""", 400 },
        { "scopes with a denial", Json, """{"decision":"deny","scopes":["invoices.read"]}""", 400 },
        { "an unknown scope", Json, """{"decision":"accept","scopes":["nothing"]}""", 400 },
        { "much JSON", Json, "{\"decision\":\"" + new string('a', 70_000) + "\"}", 413 },
        { "an empty form", Form, "", 400 },
        { "a form without proof", Form, "decision=accept&scope=invoices.read", 400 },
        { "a proof twice", Form, "proof=a&proof=b&decision=deny", 400 },
        { "a decision twice", Form, "decision=accept&decision=deny", 400 },
        { "broken escapes", Form, "proof=%zz&decision=%&=&&&%00=%ff", 400 },
        { "many fields", Form, string.Join('&', Enumerable.Range(0, 1000).Select(i => $"f{i}=")), 400 },
        { "a long name", Form, new string('n', 1000) + "=1", 400 },
        { "a long form", Form, "decision=" + new string('a', 70_000), 413 },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_body_that_is_no_decision_is_refused(string which, string? contentType, string body, int status)
    {
        await fixture.AddUserAsync(_user);
        var challenge = (await fixture.Service.StartAsync(Request(_user, "web", "invoices.read"))).Challenge;
        using (await _browser.PageAsync($"/realms/demo/consent/{challenge}"))
        {
            // Only for the cookie.
        }

        using var answer = await _browser.PostAsync($"/realms/demo/consent/{challenge}/decision", contentType, Encoding.Latin1.GetBytes(body));

        Assert.True(status == (int)answer.StatusCode, $"{which}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        Assert.Equal("invalid_request", (await Browser.ReadJsonAsync(answer)).GetProperty("error").GetString());
        await RefusesAsync("CHALLENGE_NOT_ANSWERED", () => fixture.Service.FinishAsync(challenge));
    }

    [Theory]
    [InlineData("DELETE", "/realms/demo/consent/x", 405, "GET, HEAD, OPTIONS")]
    [InlineData("GET", "/realms/demo/consent/x/decision", 405, "POST, OPTIONS")]
    [InlineData("OPTIONS", "/realms/demo/consent/x/decision", 204, "POST, OPTIONS")]
    [InlineData("PUT", "/realms/demo/consent/jwks", 405, "GET, HEAD, OPTIONS")]
    [InlineData("GET", "/", 404, null)]
    [InlineData("GET", "/realms/demo", 404, null)]
    [InlineData("GET", "/realms/%00/consent/x", 400, null)]
    [InlineData("GET", "/realms/%F0%9F%98%80/consent/jwks", 404, null)]
    public async Task Methods_and_addresses_that_there_are_not_are_told(string method, string path, int status, string? allow)
    {
        using var answer = await _browser.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal((status, allow), ((int)answer.StatusCode, answer.Content.Headers.Allow.Count == 0 ? null : string.Join(", ", answer.Content.Headers.Allow)));
    }

    [Theory]
    [InlineData("text/html;q=0.5, application/json", "application/json")]
    [InlineData("application/json;q=0.5, text/html", "text/html")]
    [InlineData("text/html, application/json", "application/json")]
    [InlineData("*/*", "application/json")]
    [InlineData("", "application/json")]
    [InlineData("text/*", "text/html")]
    [InlineData("text/html;q=0", "application/json")]
    [InlineData("garbage;;q=,,", "application/json")]
    public async Task A_page_is_for_who_would_rather_have_one(string accept, string type)
    {
        await fixture.AddUserAsync(_user);
        var challenge = (await fixture.Service.StartAsync(Request(_user, "web", "invoices.read"))).Challenge;

        using var answer = await _browser.JsonAsync($"/realms/demo/consent/{challenge}", ("Accept", accept));

        Assert.Equal((HttpStatusCode.OK, type), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task A_head_has_the_headers_of_the_page_and_nothing_else()
    {
        await fixture.AddUserAsync(_user);
        var challenge = (await fixture.Service.StartAsync(Request(_user, "web", "invoices.read"))).Challenge;

        using var answer = await _browser.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"/realms/demo/consent/{challenge}"), ("Accept", "text/html"));

        Assert.Equal((HttpStatusCode.OK, ""), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
        Assert.True(answer.Content.Headers.ContentLength > 1000);
    }
}
