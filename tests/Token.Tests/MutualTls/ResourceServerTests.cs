using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pltfrms.Iam.Common.Realms.Model;
using Testing;
using Token.Tests.Hosting;
using static Token.Tests.MutualTls.MutualTlsBench;

namespace Token.Tests.MutualTls;

/// <summary>A client with a certificate, all the way over real TLS: to the token service for a token, and with that to a service that the client library protects.</summary>
public sealed class ResourceServerTests(MutualTlsBench bench) : IClassFixture<MutualTlsBench>, IAsyncLifetime
{
    private readonly X509Certificate2 _certificate = TestCertificates.Client("CN=127.0.0.1", names: names => names.AddIpAddress(IPAddress.Loopback), isForServers: true);
    private WebApplication _service = null!;

    public async Task InitializeAsync()
    {
        var revision = bench.Realms.Change("demo", TestRealm.Binding("demo", "b-reader", MemberType.Client, "bound", "viewer", null));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(_certificate, https =>
        {
            // Whose certificate it is does not count, only that the client has its key.
            https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
            https.AllowAnyClientCertificate();
        })));
        builder.Services.AddSingleton<TimeProvider>(bench.Clock);
        builder.Services.AddPltfrmsIam(options =>
        {
            (options.Address, options.RealmId, options.ClientId, options.ClientSecret) = (new Uri(bench.Direct.GrpcAddress), "demo", "demo-api", TestRealm.ApiSecret);
            options.Timeout = TimeSpan.FromSeconds(30);
        });
        builder.Services.AddAuthentication().AddPltfrmsIam(options => options.Audience = TestRealm.Api);
        _service = builder.Build();
        _service.MapGet("/invoices", () => "invoices").RequirePermission("invoices.read");
        await _service.StartAsync();
        await bench.Direct.ReachAsync("demo", revision);
    }

    public async Task DisposeAsync()
    {
        await _service.DisposeAsync();
        _certificate.Dispose();
    }

    [Fact]
    public async Task A_bound_token_is_good_on_a_connection_with_its_certificate_and_on_no_other()
    {
        using var issued = await PostAsync(
            bench.With(bench.Billing), TokenPath, ("grant_type", "client_credentials"), ("client_id", "bound"), ("scope", "invoices.read"));
        var token = (await TokenReplica.JsonAsync(issued)).GetProperty("access_token").GetString()!;

        Assert.Equal((HttpStatusCode.OK, ""), await GetAsync(bench.Billing, token));
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(certificate: null, token)).Status);
        var (status, challenge) = await GetAsync(bench.Selfmade, token);
        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Contains("error=\"invalid_token\"", challenge, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, ""), await GetAsync(bench.Billing, token));
    }

    private async Task<(HttpStatusCode Status, string Challenge)> GetAsync(X509Certificate2? certificate, string token)
    {
        var address = _service.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        using var http = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null && shown.GetRawCertData().AsSpan().SequenceEqual(_certificate.RawData),
                LocalCertificateSelectionCallback = certificate is null ? null : (_, _, _, _, _) => certificate,
            },
        });
        using var request = new HttpRequestMessage(HttpMethod.Get, address + "/invoices") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
        using var response = await http.SendAsync(request);
        return (response.StatusCode, response.Headers.WwwAuthenticate.ToString());
    }
}
