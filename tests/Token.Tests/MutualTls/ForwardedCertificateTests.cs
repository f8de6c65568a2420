using System.Text;
using Pltfrms.Iam.Token.MutualTls;
using Testing;
using Token.Tests.OAuth;
using static Token.Tests.MutualTls.MutualTlsBench;

namespace Token.Tests.MutualTls;

/// <summary>Certificates that a proxy saw (RFC 9440), and that somebody else says it saw.</summary>
public sealed class ForwardedCertificateTests(MutualTlsBench bench) : IClassFixture<MutualTlsBench>
{
    [Fact]
    public async Task A_trusted_proxy_says_which_certificate_it_saw_in_either_notation()
    {
        await AssertGivenAsync(bench.BehindProxy.Http, "billing", "RFC 9440", (Header, Bytes()));
        await AssertGivenAsync(bench.BehindProxy.Http, "billing", "nginx", (Header, Uri.EscapeDataString(bench.Billing.ExportCertificatePem())));
    }

    [Fact]
    public async Task What_it_saw_is_judged_like_what_we_see()
    {
        using var expired = TestCertificates.Client("CN=billing,O=Example,C=DE", bench.Authority, end: bench.Clock.GetUtcNow().AddSeconds(-1));
        using var wrongAuthority = TestCertificates.Client("CN=billing,O=Example,C=DE", bench.Namesake);

        await AssertRefusedAsync(bench.BehindProxy.Http, "billing", "none");
        await AssertRefusedAsync(bench.BehindProxy.Http, "billing", "an empty header", (Header, ""));
        await AssertRefusedAsync(bench.BehindProxy.Http, "billing", "expired", (Header, $":{Convert.ToBase64String(expired.RawData)}:"));
        await AssertRefusedAsync(bench.BehindProxy.Http, "billing", "another authority", (Header, $":{Convert.ToBase64String(wrongAuthority.RawData)}:"));
        await AssertRefusedAsync(bench.BehindProxy.Http, "by-dns", "another client's", (Header, Bytes()));
    }

    [Fact]
    public async Task A_header_of_anybody_else_is_nothing()
    {
        var pem = Uri.EscapeDataString(bench.Billing.ExportCertificatePem());
        foreach (var value in new[] { Bytes(), pem })
        {
            await AssertRefusedAsync(bench.Direct.Http, "billing", "where no header is set", (Header, value));
            await AssertRefusedAsync(bench.With(null), "billing", "where TLS ends here", (Header, value));
            await AssertRefusedAsync(bench.BehindAnother.Http, "billing", "from an address that is not the proxy's", (Header, value));
            await AssertRefusedAsync(
                bench.BehindAnother.Http, "billing", "from one that says it is", (Header, value), ("X-Forwarded-For", "10.0.0.1"), ("Forwarded", "for=10.0.0.1"));
            await AssertRefusedAsync(bench.BehindProxy.Http, "billing", "in other headers", ("X-Client-Cert", value), ("X-SSL-Client-Cert", value), ("Client-Cert-Chain", value));
        }

        await AssertGivenAsync(bench.With(bench.Billing), "billing", "the connection's own counts, whatever the header says", (Header, "garbage"));
        using var otherHeader = TestCertificates.Client("CN=whoever", bench.Authority);
        await AssertRefusedAsync(bench.With(otherHeader), "billing", "the connection's own counts", (Header, Bytes()));
    }

    [Fact]
    public async Task What_is_no_certificate_or_more_than_one_is_refused()
    {
        foreach (var value in new[]
        {
            "garbage", ":", "::", ":AAAA:", ":!!!!:", Bytes()[..^1], Bytes() + Bytes(), $"{Bytes()}, {Bytes()}", Bytes() + ";x=1",
            "-----BEGIN%20CERTIFICATE-----", Uri.EscapeDataString(bench.Billing.ExportCertificatePem() + bench.Selfmade.ExportCertificatePem()),
            Uri.EscapeDataString("x" + bench.Billing.ExportCertificatePem()), $":{Convert.ToBase64String(new byte[13_000])}:",
        })
        {
            using var response = await PostAsync(
                bench.BehindProxy.Http, TokenPath, [(Header, value)], ("grant_type", "client_credentials"), ("client_id", "billing"));
            await TokenEndpointTests.AssertRefusedAsync(response, 400, "invalid_request");
        }

        using var twice = await PostAsync(
            bench.BehindProxy.Http, TokenPath, [(Header, Bytes()), (Header.ToLowerInvariant(), Bytes())], ("grant_type", "client_credentials"), ("client_id", "billing"));
        await TokenEndpointTests.AssertRefusedAsync(twice, 400, "invalid_request");
    }

    [Fact]
    public void A_pem_with_more_around_it_or_another_kind_of_pem_is_none()
    {
        using var certificate = TestCertificates.Client("CN=a");

        Assert.Equal(certificate.RawData, ForwardedCertificate.Read(certificate.ExportCertificatePem().Replace("\n", "%0A", StringComparison.Ordinal))!.RawData);
        Assert.Null(ForwardedCertificate.Read(certificate.ExportCertificatePem().Replace("CERTIFICATE", "PUBLIC KEY", StringComparison.Ordinal)));
        Assert.Null(ForwardedCertificate.Read(""));
        Assert.Null(ForwardedCertificate.Read(new string('A', 17_000)));
        Assert.Null(ForwardedCertificate.Read($":{Convert.ToBase64String(Encoding.ASCII.GetBytes("not a certificate"))}:"));
    }

    private string Bytes() => $":{Convert.ToBase64String(bench.Billing.RawData)}:";
}
