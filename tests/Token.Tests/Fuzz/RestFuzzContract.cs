using System.Text;
using System.Text.Json;
using Testing;
using Testing.Databases;
using Token.Tests.Authorization;

namespace Token.Tests.Fuzz;

/// <summary>Whatever is sent, the answer is one that the standards have, and never a fault of the server.</summary>
public abstract class RestFuzzContract(FuzzFixture fixture)
{
    private const int RequestsPerEndpoint = 250;

    /// <summary>Pages answer browsers, not programs.</summary>
    private static readonly string[] Pages = ["/oauth2/authorize", "/oauth2/authorize/resume", "/oauth2/authorize/login", "/oauth2/authorize/organization", "/logout", "/device"];

    public static TheoryData<string> Endpoints => [.. RequestGrammar.Endpoints];

    [StorageTheory]
    [MemberData(nameof(Endpoints))]
    public async Task No_request_is_a_fault_of_ours_and_every_refusal_has_its_form(string endpoint)
    {
        var grammar = new RequestGrammar(new Random(endpoint.Sum(c => c)));
        var statuses = new HashSet<int>();
        for (var i = 0; i < RequestsPerEndpoint; i++)
        {
            var request = grammar.Next(endpoint);
            var answer = await RawHttp.SendAsync(fixture.Service.Http.BaseAddress!, request);
            var what = $"{i}: {answer.Status} {answer.Header("Location")} {answer.Body[..Math.Min(300, answer.Body.Length)]}\n\nto\n\n{request[..Math.Min(3000, request.Length)]}";
            AssertAnswer(answer, Pages.Contains(endpoint), what);
            statuses.Add(answer.Status);
        }

        Assert.Contains(400, statuses);
    }

    [StorageTheory]
    [InlineData("https://app.example/r\u00fcck?\u00e4=1", "https://app.example/r%C3%BCck?%C3%A4=1&error=login_required")]
    [InlineData("https://app.example/\r\nX-Injected: registered", "https://app.example/%0D%0AX-Injected:%20registered?error=login_required")]
    public async Task An_address_that_is_no_header_is_written_so_that_it_is_one(string redirectUri, string location)
    {
        using var browser = new TestBrowser(fixture.Service.Http.BaseAddress!, FlowBench.PublicAddress);
        var parameters = FlowBench.Parameters();
        parameters["prompt"] = "none";
        parameters["redirect_uri"] = redirectUri;

        var page = await browser.GetAsync(FlowBench.Address(parameters));

        Assert.StartsWith(location, page.Location);
        Assert.DoesNotContain("X-Injected", page.Headers.Keys);
    }

    private static void AssertAnswer(RawAnswer answer, bool isPage, string what)
    {
        Assert.True(answer.Status is >= 200 and < 500, what);
        Assert.False(answer.Headers.Any(header => header.Name.StartsWith("X-Injected", StringComparison.OrdinalIgnoreCase)), what);
        Assert.All(answer.Headers, header => Assert.True(header.Value.All(c => c is >= ' ' and <= '~'), what));
        if (answer.Header("Location") is { } location)
        {
            Assert.True(
                new[] { FlowBench.Callback, "http://127.0.0.1", "https://app.example/", FlowBench.PublicAddress + "/realms/demo/", TestConsent.Page }
                    .Any(known => location.StartsWith(known, StringComparison.Ordinal)),
                what);
        }

        if (answer.Status >= 400 && !IsKestrels(answer))
        {
            AssertRefusal(answer, isPage, what);
        }
    }

    /// <summary>
    /// What is not HTTP, or too large to be looked at, Kestrel refuses itself, before anybody knows which endpoint it is for: with the status alone.
    /// </summary>
    private static bool IsKestrels(RawAnswer answer) =>
        answer.Status is 400 or 411 or 413 or 414 or 431 && answer.Header("Content-Length") == "0" && answer.Header("Connection") == "close" && answer.Header("Content-Type") is null;

    private static void AssertRefusal(RawAnswer answer, bool isPage, string what)
    {
        Assert.True(answer.Header("Cache-Control") == "no-store", what);
        var type = answer.Header("Content-Type");
        if (type == "text/html; charset=utf-8")
        {
            Assert.True(isPage && !answer.Body.Contains("<script>alert", StringComparison.Ordinal), what);
            return;
        }

        Assert.True(type == "application/json", what);
        if (answer.Body.Length == 0)
        {
            // To HEAD.
            return;
        }

        using var json = JsonDocument.Parse(Encoding.Latin1.GetBytes(answer.Body));
        // RFC 6749 section 5.2.
        Assert.True(json.RootElement.GetProperty("error").GetString()!.All(c => c is '_' or >= 'a' and <= 'z'), what);
        Assert.True(json.RootElement.GetProperty("error_description").GetString()!.All(c => c is >= ' ' and <= '~' and not ('"' or '\\')), what);
    }
}

public sealed class SqliteRestFuzzTests(SqliteFuzzFixture fixture) : RestFuzzContract(fixture), IClassFixture<SqliteFuzzFixture>;

[NeedsPostgres]
public sealed class PostgresRestFuzzTests(PostgresFuzzFixture fixture) : RestFuzzContract(fixture), IClassFixture<PostgresFuzzFixture>;
