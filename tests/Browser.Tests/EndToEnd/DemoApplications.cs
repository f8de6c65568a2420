using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Browser.Tests.EndToEnd;

/// <summary>The demo realm's applications, as their makers would write them: demo-web with a server that keeps its secret, demo-spa a page without one.</summary>
internal sealed class DemoApplications : IAsyncDisposable
{
    private const string WebSecret = "demo-web-secret-0123456789abcdefgh";

    private readonly WebApplication _web = Listener();
    private readonly WebApplication _spa = Listener();
    private readonly WebApplication _stranger = Listener();
    private readonly HttpClient _http = new();
    private readonly ConcurrentDictionary<string, string> _verifiers = new();
    private string _issuer = "";

    /// <summary>Where demo-web is.</summary>
    public string Web => _web.Urls.Single();

    /// <summary>Where demo-spa is.</summary>
    public string Spa => _spa.Urls.Single();

    /// <summary>The same page as demo-spa's, at an origin that nobody registered.</summary>
    public string Stranger => _stranger.Urls.Single();

    /// <summary>What demo-web got last.</summary>
    public JsonElement Tokens { get; private set; }

    public static async Task<DemoApplications> StartAsync()
    {
        var applications = new DemoApplications();
        applications._web.MapGet("/", applications.Begin);
        applications._web.MapGet("/callback", applications.EndAsync);
        foreach (var spa in new[] { applications._spa, applications._stranger })
        {
            spa.MapGet("/", applications.SpaPage);
            spa.MapGet("/callback", applications.SpaPage);
        }

        await Task.WhenAll(applications._web.StartAsync(), applications._spa.StartAsync(), applications._stranger.StartAsync());
        return applications;
    }

    /// <summary>Their authorization server, which must know where they are before it starts.</summary>
    public void Use(string issuer) => _issuer = issuer;

    /// <summary>demo-web at the token endpoint.</summary>
    public async Task<(int Status, JsonElement Json)> RequestAsync(params (string Name, string Value)[] parameters)
    {
        var form = parameters.Append(("client_id", "demo-web")).Append(("client_secret", WebSecret));
        using var response = await _http.PostAsync(
            new Uri($"{_issuer}/oauth2/token"), new FormUrlEncodedContent(form.Select(pair => KeyValuePair.Create(pair.Item1, pair.Item2))));
        return ((int)response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var application in new[] { _web, _spa, _stranger })
        {
            await application.StopAsync();
            await application.DisposeAsync();
        }

        _http.Dispose();
    }

    private IResult Begin(HttpRequest request)
    {
        var (state, verifier) = (Random(), Random());
        _verifiers[state] = verifier;
        var query = new QueryString()
            .Add("response_type", "code")
            .Add("client_id", "demo-web")
            .Add("redirect_uri", $"{Web}/callback")
            .Add("scope", request.Query["scope"].ToString() is { Length: > 0 } scope ? scope : "invoices.read invoices.create")
            .Add("state", state)
            .Add("code_challenge", Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))))
            .Add("code_challenge_method", "S256");
        return Results.Redirect($"{_issuer}/oauth2/authorize{query}");
    }

    private async Task<IResult> EndAsync(HttpRequest request)
    {
        if (request.Query["iss"] != _issuer || !_verifiers.TryRemove(request.Query["state"].ToString(), out var verifier))
        {
            return Page("not ours");
        }

        if (request.Query["error"].ToString() is { Length: > 0 } error)
        {
            return Page(error);
        }

        var (_, tokens) = await RequestAsync(
            ("grant_type", "authorization_code"),
            ("code", request.Query["code"].ToString()),
            ("redirect_uri", $"{Web}/callback"),
            ("code_verifier", verifier));
        Tokens = tokens;
        return Page(tokens.GetProperty("scope").GetString()!);
    }

    private IResult SpaPage()
    {
        using var stream = typeof(DemoApplications).Assembly.GetManifestResourceStream("spa.html")!;
        using var reader = new StreamReader(stream);
        return Results.Content(reader.ReadToEnd().Replace("{issuer}", _issuer, StringComparison.Ordinal), "text/html");
    }

    private static IResult Page(string outcome) => Results.Content(
        $"<!DOCTYPE html><html lang=\"en\"><link rel=\"icon\" href=\"data:,\"><title>Demo web app</title><main><h1>Demo web app</h1><p id=\"outcome\">{WebUtility.HtmlEncode(outcome)}</p></main>", "text/html");

    private static string Random() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    private static WebApplication Listener()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        return builder.Build();
    }
}
