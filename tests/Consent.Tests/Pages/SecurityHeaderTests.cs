using Consent.Tests.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Consent.Tests.Pages;

/// <summary>Walks every route of the HTTP listener with every method: whatever the answer is, it carries what it must (OWASP ASVS 5.0 V3.4).</summary>
public sealed class SecurityHeaderTests(ConsentServiceFixture fixture) : IClassFixture<ConsentServiceFixture>
{
    [Fact]
    public async Task Every_answer_of_every_route_has_the_headers()
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(fixture.Service.HttpAddress) };
        var paths = Paths();
        Assert.True(paths.Count > 5, string.Join(' ', paths));
        var statuses = new HashSet<int>();
        foreach (var path in paths)
        {
            foreach (var method in new[] { "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE" })
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), path);
                using var response = await http.SendAsync(request);
                statuses.Add((int)response.StatusCode);
                AssertHeaders(response, $"{method} {path}: {response.StatusCode}");
            }
        }

        Assert.Superset(new HashSet<int> { 204, 404, 405 }, statuses);
    }

    private static void AssertHeaders(HttpResponseMessage response, string what)
    {
        foreach (var (name, value) in new[] { ("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY"), ("Referrer-Policy", "no-referrer") })
        {
            Assert.True(response.Headers.TryGetValues(name, out var values) && values.Single() == value, $"{what}: {name}");
        }

        var policy = response.Headers.TryGetValues("Content-Security-Policy", out var policies) ? policies.Single() : "";
        Assert.True(policy.Contains("default-src 'none'", StringComparison.Ordinal) && policy.Contains("frame-ancestors 'none'", StringComparison.Ordinal), $"{what}: {policy}");
        Assert.True(response.Headers.CacheControl is { NoStore: true } || response.IsSuccessStatusCode, $"{what}: {response.Headers.CacheControl}");
        Assert.False(response.Headers.Contains("Server"), what);
    }

    /// <summary>Every route that is no gRPC method's, with something filled in.</summary>
    private List<string> Paths() =>
    [
        .. fixture.Service.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => !endpoint.RoutePattern.RawText!.Contains("pltfrms.", StringComparison.Ordinal)
                && !endpoint.RoutePattern.RawText.Contains("grpc.", StringComparison.Ordinal)
                && !endpoint.RoutePattern.RawText.Contains("unimplemented", StringComparison.Ordinal))
            .Select(endpoint => "/" + string.Join('/', endpoint.RoutePattern.PathSegments.Select(segment => segment.Parts[0] switch
            {
                Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal => literal.Content,
                Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart { Name: "realm" } => "demo",
                _ => "something",
            })))
            .Distinct(StringComparer.Ordinal),
    ];
}
