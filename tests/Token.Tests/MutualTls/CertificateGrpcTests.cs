using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Options;
using Pltfrms.Iam.Common.Certificates;
using Testing;
using Token.Tests.Hosting;
using static Token.Tests.MutualTls.MutualTlsBench;
using Wire = Pltfrms.Iam.Token.V1;

namespace Token.Tests.MutualTls;

/// <summary>The same over gRPC, and the settings.</summary>
public sealed class CertificateGrpcTests(MutualTlsBench bench) : IClassFixture<MutualTlsBench>
{
    [Fact]
    public async Task A_certificate_of_the_connection_authenticates_and_binds()
    {
        await using var replica = await bench.StartAsync(new() { ["Listen:Grpc"] = "https://127.0.0.1:0" });
        using var wrong = TestCertificates.Client("CN=billing,O=Example,C=DE", bench.Namesake);

        var issued = await AskAsync(replica, bench.Billing);

        foreach (var bad in new[] { wrong, null })
        {
            var refusal = await Assert.ThrowsAsync<RpcException>(() => AskAsync(replica, bad));
            Assert.Equal(StatusCode.Unauthenticated, refusal.StatusCode);
        }

        var introspected = await bench.Direct.Tokens.IntrospectTokenAsync(new() { RealmId = "demo", Token = issued.AccessToken }, TokenReplica.Operator);
        Assert.Equal((true, CertificateThumbprint.Of(bench.Billing)), (introspected.Active, introspected.Confirmation.CertificateThumbprint));
    }

    [Fact]
    public async Task A_header_counts_from_the_proxy_and_from_nobody_else()
    {
        var request = new Wire.IssueTokenRequest { RealmId = "demo", ClientId = "billing", ClientCredentials = new() };
        var headers = new Metadata { { Header.ToLowerInvariant(), $":{Convert.ToBase64String(bench.Billing.RawData)}:" } };

        Assert.NotEmpty((await bench.BehindProxy.Tokens.IssueTokenAsync(request, headers)).AccessToken);
        Assert.Equal((StatusCode.Unauthenticated, "INVALID_CLIENT"), await Refusals.OfAsync(bench.Direct.Tokens.IssueTokenAsync(request, headers)));
        Assert.Equal((StatusCode.Unauthenticated, "INVALID_CLIENT"), await Refusals.OfAsync(bench.BehindAnother.Tokens.IssueTokenAsync(request, headers)));
    }

    [Fact]
    public async Task Who_asked_for_bound_tokens_gets_none_without_a_certificate()
    {
        var request = new Wire.IssueTokenRequest { RealmId = "demo", ClientId = "bound-secret", ClientSecret = TestRealm.ServiceSecret, ClientCredentials = new() };

        Assert.Equal((StatusCode.InvalidArgument, "SENDER_CONSTRAINT_REQUIRED"), await Refusals.OfAsync(bench.Direct.Tokens.IssueTokenAsync(request)));
    }

    [Theory]
    [InlineData("a header without proxies", "Token:ClientCertificateHeader", "Client-Cert", "Token:ClientCertificateProxies and ClientCertificateHeader must be set together: anybody can write a header.")]
    [InlineData("proxies without a header", "Token:ClientCertificateProxies:0", "10.0.0.1", "Token:ClientCertificateProxies and ClientCertificateHeader must be set together: anybody can write a header.")]
    [InlineData("an address in plain text", "Token:MutualTlsAddress", "http://mtls.iam.example", "Token:MutualTlsAddress must be an absolute https address without query and fragment.")]
    public async Task Refuses_to_start_with_a_bad_setting(string what, string setting, string value, string expected)
    {
        var refusal = await Assert.ThrowsAsync<OptionsValidationException>(() => bench.StartAsync(new() { [setting] = value }));

        Assert.True(refusal.Message == expected, $"{what}: {refusal.Message}");
    }

    [Fact]
    public async Task Refuses_to_start_with_a_proxy_that_is_no_address()
    {
        var refusal = await Assert.ThrowsAsync<OptionsValidationException>(() => bench.StartAsync(new()
        {
            ["Token:ClientCertificateHeader"] = "Client-Cert",
            ["Token:ClientCertificateProxies:0"] = "10.0.0.0/8",
            ["Token:ClientCertificateProxies:1"] = "proxy.example",
        }));

        Assert.Equal("Token:ClientCertificateProxies must be addresses, or networks in CIDR notation; 'proxy.example' is neither.", refusal.Message);
    }

    private async Task<Wire.IssueTokenResponse> AskAsync(TokenReplica replica, X509Certificate2? certificate)
    {
        using var channel = GrpcChannel.ForAddress(replica.GrpcAddress, new GrpcChannelOptions { HttpHandler = bench.Handler(certificate), DisposeHttpClient = true });
        return await new Wire.TokenService.TokenServiceClient(channel)
            .IssueTokenAsync(new() { RealmId = "demo", ClientId = "bound", ClientCredentials = new() });
    }
}
