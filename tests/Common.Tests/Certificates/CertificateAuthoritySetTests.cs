using System.Net;
using System.Security.Cryptography.X509Certificates;
using Pltfrms.Iam.Common.Certificates;
using Testing;

namespace Common.Tests.Certificates;

public sealed class CertificateAuthoritySetTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Trusts_what_a_root_issued_and_what_leads_to_one()
    {
        using var root = TestCertificates.Authority("CN=Root");
        using var below = TestCertificates.Authority("CN=Below", root);
        using var client = TestCertificates.Client("CN=a", root);
        using var lower = TestCertificates.Client("CN=b", below);
        var authorities = CertificateAuthoritySet.Of($"{root.ExportCertificatePem()}\n{below.ExportCertificatePem()}");

        Assert.True(authorities.Issued(client, Now));
        Assert.True(authorities.Issued(lower, Now));
        Assert.False(CertificateAuthoritySet.Of(root.ExportCertificatePem()).Issued(lower, Now));
        Assert.False(CertificateAuthoritySet.Of(below.ExportCertificatePem()).Issued(lower, Now));
    }

    [Fact]
    public void Trusts_nothing_else()
    {
        using var root = TestCertificates.Authority("CN=Root");
        using var namesake = TestCertificates.Authority("CN=Root");
        using var good = TestCertificates.Client("CN=a", root);
        using var expired = TestCertificates.Client("CN=a", root, end: Now.AddSeconds(-1));
        using var early = TestCertificates.Client("CN=a", root, start: Now.AddMinutes(1));
        using var forServers = TestCertificates.Client("CN=a", root, isForServers: true);
        using var ofNamesake = TestCertificates.Client("CN=a", namesake);
        using var byItself = TestCertificates.Client("CN=a");
        var authorities = CertificateAuthoritySet.Of(root.ExportCertificatePem());

        Assert.True(authorities.Issued(good, Now));
        foreach (var bad in new[] { expired, early, forServers, ofNamesake, byItself })
        {
            Assert.False(authorities.Issued(bad, Now));
        }

        Assert.False(CertificateAuthoritySet.Of("nothing").Issued(good, Now));
    }

    [Fact]
    public void Says_what_is_wrong_with_a_text()
    {
        using var root = TestCertificates.Authority("CN=Root");
        using var below = TestCertificates.Authority("CN=Below", root);
        using var client = TestCertificates.Client("CN=a", root);
        using var key = root.GetECDsaPrivateKey()!;
        var pem = root.ExportCertificatePem();

        Assert.Null(CertificateAuthoritySet.Violation(pem));
        Assert.Equal("must be certificates in PEM", CertificateAuthoritySet.Violation("nothing"));
        Assert.Equal("must be certificates in PEM", CertificateAuthoritySet.Violation("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"));
        Assert.Equal("must have no private key. Use another one, for this one is known now", CertificateAuthoritySet.Violation(pem + key.ExportPkcs8PrivateKeyPem()));
        Assert.Equal("must have from 1 to 10 certificates", CertificateAuthoritySet.Violation(string.Join('\n', Enumerable.Repeat(pem, 11))));
        Assert.Equal("must have certificates of authorities only (basicConstraints: CA)", CertificateAuthoritySet.Violation($"{pem}\n{client.ExportCertificatePem()}"));
        Assert.Equal("must have a root: a certificate that signed itself", CertificateAuthoritySet.Violation(below.ExportCertificatePem()));
    }

    [Fact]
    public void Finds_the_other_names_of_a_certificate_and_no_others()
    {
        using var certificate = TestCertificates.Client("CN=a", names: names =>
        {
            names.AddDnsName("billing.example");
            names.AddDnsName("*.wild.example");
            names.AddUri(new Uri("spiffe://example/billing"));
            names.AddIpAddress(IPAddress.Parse("192.0.2.7"));
            names.AddIpAddress(IPAddress.Parse("2001:db8::7"));
            names.AddEmailAddress("Billing@example.com");
        });
        using var bare = TestCertificates.Client("CN=billing.example");
        var names = SubjectAlternativeNames.Of(certificate);

        Assert.True(names.HasDns("billing.example") && names.HasDns("BILLING.example"));
        Assert.True(names.HasUri("spiffe://example/billing"));
        Assert.True(names.HasAddress("192.0.2.7") && names.HasAddress("2001:db8::7"));
        Assert.True(names.HasEmail("Billing@EXAMPLE.com"));
        Assert.False(names.HasDns("x.wild.example") || names.HasDns("billing.example.") || names.HasDns("a"));
        Assert.False(names.HasUri("spiffe://example/Billing") || names.HasUri("spiffe://example/billing/"));
        Assert.False(names.HasAddress("192.0.2.8") || names.HasAddress("::ffff:192.0.2.7"));
        Assert.False(names.HasEmail("billing@example.com") || names.HasEmail("example.com"));
        Assert.False(SubjectAlternativeNames.Of(bare).HasDns("billing.example"));
    }
}
