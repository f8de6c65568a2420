using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;
using Grpc.Net.Client;
using Invoices.V1;
using Testing;

namespace Suite.Tests;

/// <summary>samples/invoices as it is built, in front of a running suite.</summary>
public sealed class SampleTests(SuiteFixture fixture) : IClassFixture<SuiteFixture>, IAsyncLifetime
{
    private readonly SuiteProcess _suite = fixture.Suite;
    private readonly int _httpPort = FreePort.Next();
    private readonly int _grpcPort = FreePort.Next();
    private ProcessUnderTest _sample = null!;
    private GrpcChannel _channel = null!;
    private HttpClient _http = null!;

    public async Task InitializeAsync()
    {
        var built = AppContext.BaseDirectory.Replace($"tests{Path.DirectorySeparatorChar}Suite.Tests", $"samples{Path.DirectorySeparatorChar}invoices", StringComparison.Ordinal);
        _sample = ProcessUnderTest.Start(
            Path.Combine(built, "Invoices"),
            ["--contentRoot", built],
            new Dictionary<string, string?>
            {
                ["Iam__Address"] = $"http://127.0.0.1:{_suite.Ports.TokenGrpc}",
                ["Kestrel__Endpoints__Http__Url"] = $"http://127.0.0.1:{_httpPort}",
                ["Kestrel__Endpoints__Grpc__Url"] = $"http://127.0.0.1:{_grpcPort}",
            });
        _http = new() { BaseAddress = new($"http://127.0.0.1:{_httpPort}") };
        _channel = GrpcChannel.ForAddress($"http://127.0.0.1:{_grpcPort}");
        await _sample.WaitForLineAsync("Application started", TimeSpan.FromSeconds(60));
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        _channel.Dispose();
        await _sample.DisposeAsync();
    }

    [Fact]
    public async Task Who_may_read_invoices_reads_them_where_their_role_holds_and_nowhere_else()
    {
        var token = await Demo.TokenAsync(_suite, "demo-service", Demo.ServiceSecret);
        var inAcme = await Demo.TokenAsync(_suite, "demo-service", Demo.ServiceSecret, "acme");

        Assert.Equal(HttpStatusCode.OK, (await GetAsync("acme", token)).Status);
        Assert.Equal((HttpStatusCode.OK, """{"organizationId":"acme-retail","caller":"demo-service","actors":[]}"""), await GetAsync("acme-retail", inAcme));
        Assert.Equal(HttpStatusCode.Forbidden, (await GetAsync("globex", token)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await GetAsync("globex", inAcme)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await GetAsync("nowhere", token)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync("acme", "stolen")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync("acme", await Demo.TokenAsync(_suite, "demo-operator", Demo.OperatorSecret))).Status);
    }

    [Fact]
    public async Task The_same_holds_over_gRPC()
    {
        var service = new InvoiceService.InvoiceServiceClient(_channel);
        var caller = SuiteProcess.Bearer(await Demo.TokenAsync(_suite, "demo-service", Demo.ServiceSecret));

        Assert.Equal(2, (await service.CountInvoicesAsync(new() { OrganizationId = "acme" }, caller)).Count);
        Assert.Equal(StatusCode.PermissionDenied, await RefusedAsync(service, "globex", caller));
        Assert.Equal(StatusCode.PermissionDenied, await RefusedAsync(service, "", caller));
        Assert.Equal(StatusCode.Unauthenticated, await RefusedAsync(service, "acme", []));
    }

    [Fact]
    public async Task It_is_healthy_and_says_whom_it_trusts_and_what_a_login_would_need()
    {
        Assert.Equal("Healthy", await _http.GetStringAsync("/health"));
        Assert.Contains($"\"authorization_servers\":[\"{_suite.Issuer}\"]", await _http.GetStringAsync("/.well-known/oauth-protected-resource"), StringComparison.Ordinal);

        using var stranger = await _http.GetAsync("/organizations/acme/invoices");

        Assert.Contains($"resource_metadata=\"{_http.BaseAddress}.well-known/oauth-protected-resource\"", stranger.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    private static async Task<StatusCode> RefusedAsync(InvoiceService.InvoiceServiceClient service, string organizationId, Metadata caller) =>
        (await Assert.ThrowsAsync<RpcException>(async () => await service.CountInvoicesAsync(new() { OrganizationId = organizationId }, caller))).StatusCode;

    private async Task<(HttpStatusCode Status, string Body)> GetAsync(string organizationId, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/organizations/{organizationId}/invoices");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await _http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
