using System.Net.Http.Headers;
using System.Text.Json;
using Token.Tests.Authorization;
using Token.Tests.Hosting;

namespace Token.Tests.OAuth.Advertised;

/// <summary>A realm's authorization server as a program finds it that knows the issuer and nothing else (RFC 8414 section 3).</summary>
internal sealed class AdvertisedServer(FlowBench bench, string realmId, string issuer) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = bench.One.Http.BaseAddress };
    private readonly Dictionary<string, string> _cookies = new(StringComparer.Ordinal);

    public string Issuer => issuer;

    public JsonElement Metadata { get; private set; }

    public static async Task<AdvertisedServer> FindAsync(FlowBench bench, string realmId, string issuer)
    {
        var server = new AdvertisedServer(bench, realmId, issuer);
        var uri = new Uri(issuer);
        var path = uri.AbsolutePath.TrimEnd('/');
        var answer = await server.GetAsync($"{uri.Scheme}://{uri.Authority}/.well-known/oauth-authorization-server{path}");
        Assert.Equal(200, answer.Status);
        server.Metadata = answer.Json;
        Assert.Equal(issuer, server.Text("issuer"));
        return server;
    }

    public string Text(string member) => Metadata.GetProperty(member).GetString()!;

    public IReadOnlyList<string> List(string member) => [.. Metadata.GetProperty(member).EnumerateArray().Select(item => item.GetString()!)];

    public Task<Answer> GetAsync(string address) => SendAsync(new HttpRequestMessage(HttpMethod.Get, address));

    public Task<Answer> PostAsync(string address, AuthenticationHeaderValue? authorization, params (string Name, string Value)[] form) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, address)
        {
            Headers = { Authorization = authorization },
            Content = new FormUrlEncodedContent(form.Select(pair => KeyValuePair.Create(pair.Name, pair.Value))),
        });

    /// <summary>Sends a request to where the address would lead.</summary>
    public async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        var address = request.RequestUri!;
        request.RequestUri = new Uri(address.PathAndQuery, UriKind.Relative);
        request.Headers.Host = address.Authority;
        if (_cookies.Count > 0)
        {
            request.Headers.Add("Cookie", string.Join("; ", _cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        }

        using (request)
        {
            using var response = await _http.SendAsync(request);
            foreach (var cookie in response.Headers.TryGetValues("Set-Cookie", out var set) ? set : [])
            {
                _cookies[cookie[..cookie.IndexOf('=')]] = cookie[(cookie.IndexOf('=') + 1)..].Split(';')[0];
            }

            return new Answer((int)response.StatusCode, response.Headers.Location?.OriginalString, await response.Content.ReadAsStringAsync());
        }
    }

    public Task<Answer> AuthorizeAsync(params (string Name, string? Value)[] changes) => GetAsync(Authorization(changes));

    /// <summary>The address of an authorization request that nothing is wrong with, but for the changes.</summary>
    public string Authorization(params (string Name, string? Value)[] changes)
    {
        var parameters = FlowBench.Parameters();
        parameters["state"] = "s";
        foreach (var (name, value) in changes)
        {
            parameters.Remove(name);
            if (value is not null)
            {
                parameters[name] = value;
            }
        }

        return FlowBench.Address(parameters, Text("authorization_endpoint"));
    }

    /// <summary>From a page of the server to the client's, by way of the realm's login application.</summary>
    public async Task<Answer> LogInAsync(Answer answer)
    {
        while (answer.Location is { } location && !location.StartsWith(FlowBench.Callback, StringComparison.Ordinal))
        {
            answer = location.Contains("login_challenge=", StringComparison.Ordinal)
                ? await GetAsync((await bench.One.Interactions.AcceptLoginAsync(
                    new() { RealmId = realmId, LoginChallenge = Uri.UnescapeDataString(location.Split("login_challenge=")[1]), UserId = "carol", Acr = "low" },
                    TokenReplica.Operator)).RedirectTo)
                : await GetAsync(location);
        }

        return answer;
    }

    /// <summary>A code, all the way.</summary>
    public async Task<string> CodeAsync() => (await LogInAsync(await AuthorizeAsync(("prompt", "login")))).Parameter("code")!;

    public Task<Answer> RedeemAsync(string code, string verifier = FlowBench.Verifier) => PostAsync(
        Text("token_endpoint"),
        TokenReplica.Basic("demo-web", TestRealm.WebSecret),
        ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", FlowBench.Callback), ("code_verifier", verifier));

    public void Dispose() => _http.Dispose();

    internal sealed record Answer(int Status, string? Location, string Body)
    {
        public JsonElement Json
        {
            get
            {
                using var document = JsonDocument.Parse(Body);
                return document.RootElement.Clone();
            }
        }

        /// <summary>The error that the client is told, directly or by redirect; null: none.</summary>
        public string? Error => Location is null
            ? Body.StartsWith('{') && Json.TryGetProperty("error", out var error) ? error.GetString() : null
            : Parameter("error");

        /// <summary>A parameter of the address that the answer sends to.</summary>
        public string? Parameter(string name) => (Location ?? "").Split('?', 2)[^1].Split('&')
            .Select(pair => pair.Split('=', 2)).Where(pair => pair.Length == 2 && pair[0] == name).Select(pair => Uri.UnescapeDataString(pair[1])).FirstOrDefault();
    }
}
