using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Pltfrms.Iam.Client;
using Testing;
using Wire = Pltfrms.Iam.Token.V1;

namespace Client.Tests;

/// <summary>What is wrongly set says so in one line; what is gone comes back by itself.</summary>
public sealed class WrongSettingTests
{
    public static TheoryData<StatusCode, string, string> Refused => new()
    {
        { StatusCode.Unauthenticated, "INVALID_CLIENT", "INVALID_CLIENT: Iam:ClientId or Iam:ClientSecret is wrong: the token service refused the client 'demo-api'" },
        { StatusCode.NotFound, "REALM_NOT_FOUND", "REALM_NOT_FOUND: Iam:RealmId is wrong: the token service has no realm 'demo'" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_wrong_realm_or_secret_is_named(StatusCode status, string reason, string line)
    {
        await using var fixture = await ClientFixture.StartAsync();
        fixture.Server.Issue = (_, _) => throw Faults.Of(status, reason);

        var fault = await Assert.ThrowsAsync<IamClientException>(() => fixture.Iam.IntrospectAsync("x", CancellationToken.None));

        Assert.Equal(line, fault.Message);
        Assert.Equal((HealthStatus.Unhealthy, line), await HealthAsync(fixture));
    }

    [Fact]
    public async Task A_client_without_the_role_is_named()
    {
        await using var fixture = await ClientFixture.StartAsync();
        fixture.Server.Introspect = (_, _) => throw Faults.Of(StatusCode.PermissionDenied, "PERMISSION_DENIED");

        var fault = await Assert.ThrowsAsync<IamClientException>(() => fixture.Iam.IntrospectAsync("x", CancellationToken.None));

        Assert.Equal("PERMISSION_DENIED: Iam:ClientId: the client 'demo-api' may not ask this in the realm 'demo'; the role iam-resource-server lets it", fault.Message);
    }

    [Fact]
    public async Task An_address_where_nobody_is_is_named()
    {
        var nobody = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        await using var fixture = await ClientFixture.StartAsync(options => options.Address = nobody);

        var fault = await Assert.ThrowsAsync<IamUnavailableException>(() => fixture.Iam.IntrospectAsync("x", CancellationToken.None));

        Assert.StartsWith($"UNREACHABLE: Iam:Address: {nobody} cannot be reached over HTTP/2: ", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Fact]
    public async Task An_address_that_never_answers_is_named_with_the_time_that_it_had()
    {
        using var silent = new TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        var address = new Uri($"http://{silent.LocalEndpoint}");
        await using var fixture = await ClientFixture.StartAsync(options => (options.Address, options.Timeout) = (address, TimeSpan.FromSeconds(1)));
        var line = $"DEADLINE_EXCEEDED: Iam:Address: {address} did not answer within Iam:Timeout (00:00:01)";

        var asked = await Assert.ThrowsAsync<IamUnavailableException>(() => fixture.Iam.IntrospectAsync("x", CancellationToken.None));
        var token = await Assert.ThrowsAsync<IamUnavailableException>(() => fixture.TokenAsync(new TokenRequest("x")));

        Assert.Equal((line, line), (asked.Message, token.Message));
        Assert.Equal((HealthStatus.Unhealthy, line), await HealthAsync(fixture));
    }

    [Fact]
    public async Task A_service_that_hangs_is_named_although_it_gave_a_token()
    {
        await using var fixture = await ClientFixture.StartAsync(options => options.Timeout = TimeSpan.FromSeconds(1));
        await fixture.Iam.IntrospectAsync("x", CancellationToken.None);
        fixture.Server.Introspect = NeverAsync;

        var fault = await Assert.ThrowsAsync<IamUnavailableException>(() => fixture.Iam.IntrospectAsync("x", CancellationToken.None));

        Assert.StartsWith(
            $"DEADLINE_EXCEEDED: Iam:Address: {fixture.Server.Address} did not answer within Iam:Timeout (00:00:01)", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_who_waits_for_less_does_not_blame_the_address()
    {
        await using var fixture = await ClientFixture.StartAsync();
        fixture.Server.Introspect = NeverAsync;
        using var impatience = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        var fault = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fixture.Iam.IntrospectAsync("x", impatience.Token));

        Assert.DoesNotContain("Iam:", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpProtocols.Http1, "Iam:Address: {0} cannot be reached over HTTP/2: ")]
    [InlineData(HttpProtocols.Http2, "Iam:Address is wrong: {0} is not the token service's gRPC address")]
    public async Task An_address_of_something_else_is_named(HttpProtocols protocols, string line)
    {
        await using var other = await OtherAsync(listen => listen.Protocols = protocols);
        var address = new Uri(other.Urls.Single());
        await using var fixture = await ClientFixture.StartAsync(options => options.Address = address);

        var fault = await Assert.ThrowsAnyAsync<IamClientException>(() => fixture.Iam.IntrospectAsync("x", CancellationToken.None));

        Assert.Contains(string.Format(System.Globalization.CultureInfo.InvariantCulture, line, address), fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_is_not_trusted_is_named()
    {
        using var key = RSA.Create(2048);
        using var made = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        using var certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), password: null);
        await using var other = await OtherAsync(listen => listen.UseHttps(certificate));
        var address = new Uri(other.Urls.Single());
        await using var fixture = await ClientFixture.StartAsync(options => options.Address = address);

        var fault = await Assert.ThrowsAsync<IamUnavailableException>(() => fixture.Iam.IntrospectAsync("x", CancellationToken.None));

        Assert.StartsWith($"UNREACHABLE: Iam:Address: the certificate of {address} is not trusted: ", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpProtocols.Http1)]
    [InlineData(HttpProtocols.Http2)]
    public async Task An_https_address_of_a_port_without_tls_is_no_matter_of_certificates(HttpProtocols protocols)
    {
        await using var other = await OtherAsync(listen => listen.Protocols = protocols);
        var address = new UriBuilder(other.Urls.Single()) { Scheme = "https" }.Uri;
        await using var fixture = await ClientFixture.StartAsync(options => options.Address = address);

        var fault = await Assert.ThrowsAsync<IamUnavailableException>(() => fixture.Iam.IntrospectAsync("x", CancellationToken.None));

        Assert.StartsWith($"UNREACHABLE: Iam:Address: TLS with {address} failed, is it an http address? ", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Fact]
    public async Task A_network_that_was_cut_is_used_again_when_it_is_back()
    {
        await using var server = await ContractServer.StartAsync();
        using var relay = new TcpRelay(server.Address.Port);
        relay.Join();
        await using var fixture = await ClientFixture.StartAsync(options => options.Address = new Uri($"http://127.0.0.1:{relay.Port}"));
        await fixture.Iam.IntrospectAsync("x", CancellationToken.None);

        relay.Cut();
        await Assert.ThrowsAsync<IamUnavailableException>(() => fixture.Iam.IntrospectAsync("x", CancellationToken.None));
        relay.Join();

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await HealthAsync(fixture) is not (HealthStatus.Healthy, _))
        {
            await Task.Delay(20, patience.Token);
        }
    }

    private static async Task<(HealthStatus Status, string? Description)> HealthAsync(ClientFixture fixture)
    {
        var health = await fixture.HealthAsync();
        return (health.Status, health.Description);
    }

    private static async Task<Wire.IntrospectTokenResponse> NeverAsync(Wire.IntrospectTokenRequest request, ServerCallContext context)
    {
        await Task.Delay(System.Threading.Timeout.Infinite, context.CancellationToken);
        return new();
    }

    private static async Task<WebApplication> OtherAsync(Action<ListenOptions> configure)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, configure));
        var other = builder.Build();
        await other.StartAsync();
        return other;
    }
}
