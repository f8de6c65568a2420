using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Testing;
using Token.Tests.Hosting;

namespace Token.Tests.OAuth;

/// <summary>Walks every route of the HTTP listener with every method: whatever the answer is, it carries what it must (OWASP ASVS 5.0 V3.4).</summary>
public sealed class SecurityHeaderTests(TokenServiceFixture fixture) : IClassFixture<TokenServiceFixture>
{
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE"];

    private static readonly string[] MayBeKept = ["/oauth2/jwks", "/.well-known/oauth-authorization-server", "/.well-known/authzen-configuration"];

    [Fact]
    public async Task Every_answer_of_every_route_has_the_headers()
    {
        var paths = Paths();
        Assert.True(paths.Count > 25, string.Join(' ', paths));
        var statuses = new HashSet<int>();
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = fixture.Service.Http.BaseAddress };
        foreach (var path in paths)
        {
            foreach (var method in Methods)
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), path) { Headers = { { "Origin", "https://app.example" }, { "Access-Control-Request-Method", "POST" } } };
                using var response = await http.SendAsync(request);
                statuses.Add((int)response.StatusCode);
                AssertHeaders(response, $"{method} {path}: {response.StatusCode}");
            }
        }

        Assert.Superset(new HashSet<int> { 200, 204, 303, 400, 404, 405, 415 }, statuses);
    }

    [Fact]
    public async Task So_has_every_refusal_and_every_answer_of_the_token_endpoint()
    {
        foreach (var (path, form) in new (string, (string, string)[])[]
        {
            ("/realms/demo/oauth2/token", [("grant_type", "client_credentials")]),
            ("/realms/demo/oauth2/token", [("grant_type", "password")]),
            ("/realms/demo/oauth2/introspect", [("token", "x")]),
            ("/realms/nowhere/oauth2/token", []),
            ("/realms/demo/oauth2/token", [("x", new string('x', 70_000))]),
        })
        {
            using var response = await fixture.Service.PostAsync(path, TokenReplica.Basic("demo-operator", TestRealm.OperatorSecret), form);
            AssertHeaders(response, $"{path}: {response.StatusCode}");
            Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        }
    }

    [Fact]
    public async Task Transport_security_is_asked_for_over_tls_and_behind_a_proxy_that_ends_it_only()
    {
        using var plain = await fixture.Service.Http.GetAsync("/realms/demo/oauth2/jwks");
        Assert.False(plain.Headers.Contains("Strict-Transport-Security"));

        await using var database = new Disposing();
        await database.Database.InitializeAsync();
        var settings = new Dictionary<string, string?>(database.Database.Settings) { ["Listen:BehindTlsProxy"] = "true" };
        await using var proxied = await TokenReplica.StartAsync(settings, fixture.Realms, new FakeClock());
        foreach (var path in new[] { "/realms/demo/oauth2/jwks", "/realms/demo/oauth2/authorize", "/nothing" })
        {
            using var response = await proxied.Http.GetAsync(path);
            Assert.Equal("max-age=31536000", Assert.Single(response.Headers.GetValues("Strict-Transport-Security")));
        }
    }

    private static void AssertHeaders(HttpResponseMessage response, string what)
    {
        foreach (var (name, value) in new[] { ("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY"), ("Referrer-Policy", "no-referrer") })
        {
            Assert.True(response.Headers.TryGetValues(name, out var values) && values.Single() == value, $"{what}: {name}");
        }

        var policy = response.Headers.TryGetValues("Content-Security-Policy", out var policies) ? policies.Single() : "";
        Assert.True(policy.Contains("default-src 'none'", StringComparison.Ordinal) && policy.Contains("frame-ancestors 'none'", StringComparison.Ordinal), $"{what}: {policy}");
        var mayBeKept = response.IsSuccessStatusCode && MayBeKept.Any(path => what.Contains(path, StringComparison.Ordinal)) && !what.StartsWith("OPTIONS", StringComparison.Ordinal);
        Assert.True(response.Headers.CacheControl?.ToString() == (mayBeKept ? "public, max-age=300" : "no-store"), $"{what}: {response.Headers.CacheControl}");
        Assert.False(response.Headers.Contains("Server"), what);
    }

    /// <summary>Every route that is no gRPC method's, with the realm filled in.</summary>
    private List<string> Paths() =>
    [
        .. fixture.Service.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Select(endpoint => "/" + endpoint.RoutePattern.RawText!.TrimStart('/'))
            .Where(pattern => !pattern.StartsWith("/pltfrms.", StringComparison.Ordinal) && !pattern.StartsWith("/envoy.", StringComparison.Ordinal) && !pattern.StartsWith("/grpc.", StringComparison.Ordinal) && !pattern.Contains("unimplemented", StringComparison.Ordinal))
            .Select(pattern => pattern.Replace("{realm}", "demo", StringComparison.Ordinal).Replace("{**path}", "nothing/here", StringComparison.Ordinal))
            .Distinct(StringComparer.Ordinal),
    ];

    private sealed class Disposing : IAsyncDisposable
    {
        public SqliteTokenDatabase Database { get; } = new();

        public async ValueTask DisposeAsync() => await Database.DisposeAsync();
    }
}
