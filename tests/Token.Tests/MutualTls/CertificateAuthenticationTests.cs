using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Pltfrms.Iam.Common.Realms.Model;
using Testing;
using Token.Tests.Authorization;
using Token.Tests.ClientAuthentication;
using Token.Tests.Hosting;
using Token.Tests.OAuth;
using static Token.Tests.MutualTls.MutualTlsBench;

namespace Token.Tests.MutualTls;

/// <summary>RFC 8705 section 2, over connections whose TLS ends here.</summary>
public sealed class CertificateAuthenticationTests(MutualTlsBench bench) : IClassFixture<MutualTlsBench>
{
    [Fact]
    public async Task A_certificate_of_the_realms_authority_with_the_registered_name_is_the_clients()
    {
        using var named = TestCertificates.Client("CN=whoever", bench.Authority, names =>
        {
            names.AddDnsName("other.example");
            names.AddDnsName("billing.example");
            names.AddUri(new Uri("spiffe://example/billing"));
            names.AddIpAddress(IPAddress.Parse("192.0.2.7"));
            names.AddEmailAddress("billing@example.com");
        });

        await AssertGivenAsync(bench.With(bench.Billing), "billing", "by subject");
        var http = bench.With(named);
        foreach (var clientId in new[] { "by-dns", "by-uri", "by-ip", "by-email" })
        {
            await AssertGivenAsync(http, clientId, clientId);
        }
    }

    [Fact]
    public async Task So_it_is_at_every_endpoint()
    {
        var http = bench.With(bench.Billing);
        foreach (var (path, status, form) in new (string, int, (string, string)[])[]
        {
            ("/realms/demo/oauth2/introspect", 200, [("token", "x")]),
            ("/realms/demo/oauth2/revoke", 200, [("token", "x")]),
            ("/realms/demo/oauth2/par", 201, [.. FlowBench.Parameters("bound").Where(p => p.Key != "client_id").Select(p => (p.Key, p.Value))]),
            ("/realms/demo/oauth2/device_authorization", 200, []),
        })
        {
            using var answer = await PostAsync(http, path, [("client_id", "bound"), .. form]);
            using var without = await PostAsync(bench.With(null), path, [("client_id", "bound"), .. form]);

            Assert.True((int)answer.StatusCode == status, $"{path}: {await answer.Content.ReadAsStringAsync()}");
            await TokenEndpointTests.AssertRefusedAsync(without, 401, "invalid_client");
        }
    }

    [Fact]
    public async Task A_registered_certificate_or_any_of_a_registered_key_is_the_clients_whoever_signed_it()
    {
        using var key = bench.Keyed.GetECDsaPrivateKey()!;
        using var renewed = new CertificateRequest("CN=renewed", key, HashAlgorithmName.SHA256).CreateSelfSigned(TestCertificates.Start, TestCertificates.End);
        using var sameKey = bench.Selfmade.GetECDsaPrivateKey()!;
        using var copy = new CertificateRequest("CN=selfmade", sameKey, HashAlgorithmName.SHA256).CreateSelfSigned(TestCertificates.Start, TestCertificates.End);

        await AssertGivenAsync(bench.With(bench.Selfmade), "selfmade", "the registered certificate");
        await AssertGivenAsync(bench.With(bench.Keyed), "keyed", "a certificate of the registered key");
        await AssertGivenAsync(bench.With(renewed), "keyed", "another certificate of the registered key");
        await AssertRefusedAsync(bench.With(copy), "selfmade", "another certificate of the key, where one is registered");
    }

    [Fact]
    public async Task A_bad_certificate_is_refused_like_a_wrong_secret()
    {
        var now = bench.Clock.GetUtcNow();
        const string subject = "CN=billing,O=Example,C=DE";
        using var expired = TestCertificates.Client(subject, bench.Authority, end: now.AddSeconds(-1));
        using var early = TestCertificates.Client(subject, bench.Authority, start: now.AddMinutes(1));
        using var otherName = TestCertificates.Client("CN=billing2,O=Example,C=DE", bench.Authority);
        using var longer = TestCertificates.Client("CN=billing,OU=Sales,O=Example,C=DE", bench.Authority);
        using var inAlternative = TestCertificates.Client("CN=x", bench.Authority, names => names.AddDnsName("CN=billing,O=Example,C=DE"));
        using var wrongAuthority = TestCertificates.Client(subject, bench.Namesake);
        using var byItself = TestCertificates.Client(subject);
        using var forServers = TestCertificates.Client(subject, bench.Authority, isForServers: true);
        using var wildcard = TestCertificates.Client("CN=x", bench.Authority, names => names.AddDnsName("*.example"));
        using var commonName = TestCertificates.Client("CN=billing.example", bench.Authority);
        foreach (var (what, clientId, certificate) in new (string, string, X509Certificate2?)[]
        {
            ("none", "billing", null),
            ("expired", "billing", expired),
            ("not valid yet", "billing", early),
            ("another name", "billing", otherName),
            ("a longer name", "billing", longer),
            ("the name elsewhere", "billing", inAlternative),
            ("another authority of the same name", "billing", wrongAuthority),
            ("its own authority", "billing", byItself),
            ("for servers", "billing", forServers),
            ("another client's", "by-dns", bench.Billing),
            ("a wildcard", "by-dns", wildcard),
            ("the DNS name as common name", "by-dns", commonName),
            ("a disabled client's", "off", bench.Billing),
            ("nobody's", "nobody", bench.Billing),
            ("of an authority, where keys are registered", "selfmade", bench.Billing),
            ("another's key", "keyed", bench.Selfmade),
            ("for who has a secret", "demo-web", bench.Billing),
            ("of keys, where a name is registered", "billing", bench.Selfmade),
        })
        {
            await AssertRefusedAsync(bench.With(certificate), clientId, what);
        }
    }

    [Fact]
    public async Task A_registered_certificate_ends_too()
    {
        using var expired = TestCertificates.Client("CN=old", end: bench.Clock.GetUtcNow().AddSeconds(-1));
        var revision = bench.Realms.Change("demo", TestRealm.Client("demo", "old", ["invoices.read"]) with
        {
            ClientType = ClientType.Service,
            Jwks = $$"""{"keys":[{{KeyOf(expired)}}]}""",
        });
        await bench.Direct.ReachAsync("demo", revision);

        await AssertRefusedAsync(bench.With(expired), "old", "expired");
    }

    [Fact]
    public async Task Another_realms_authority_is_not_this_ones()
    {
        using var theirs = TestCertificates.Client("CN=billing,O=Example,C=DE", bench.Namesake);
        using var there = await PostAsync(bench.With(theirs), "/realms/other/oauth2/token", ("grant_type", "client_credentials"), ("client_id", "billing"));
        using var ours = await PostAsync(bench.With(bench.Billing), "/realms/other/oauth2/token", ("grant_type", "client_credentials"), ("client_id", "billing"));

        Assert.Equal(HttpStatusCode.OK, there.StatusCode);
        await TokenEndpointTests.AssertRefusedAsync(ours, 401, "invalid_client");
    }

    [Fact]
    public async Task A_client_that_is_limited_to_one_method_has_no_other()
    {
        using var free = TestCertificates.Client("CN=x", bench.Authority, names => names.AddDnsName("free.example"));
        var http = bench.With(free);
        (string, string)[] basic = [("Authorization", $"{TokenReplica.Basic("free", TestRealm.ServiceSecret)}")];
        await AssertGivenAsync(http, "free", "certificate");
        await AssertGivenAsync(http, "free", "basic", basic);

        foreach (var method in TokenEndpointAuthMethods.All)
        {
            var client = bench.Realms.Resources("demo").OfType<Client>().Single(client => client.ClientId == "free") with { TokenEndpointAuthMethod = method };
            await bench.Direct.ReachAsync("demo", bench.Realms.Change("demo", client));
            var byCertificate = await AskAsync(http, "free");
            var byBasic = await AskAsync(http, "free", basic);
            using var byPost = await PostAsync(http, TokenPath, ("grant_type", "client_credentials"), ("client_id", "free"), ("client_secret", TestRealm.ServiceSecret));

            Assert.Equal(
                (method == TokenEndpointAuthMethods.TlsClientAuth ? 200 : 401, method == TokenEndpointAuthMethods.ClientSecretBasic ? 200 : 401, method == TokenEndpointAuthMethods.ClientSecretPost ? 200 : 401),
                (byCertificate.Status, byBasic.Status, (int)byPost.StatusCode));
        }
    }

    [Fact]
    public async Task A_certificate_beside_a_wrong_secret_helps_nobody()
    {
        using var free = TestCertificates.Client("CN=x", bench.Authority, names => names.AddDnsName("free.example"));

        await AssertRefusedAsync(bench.With(free), "free", "wrong secret", ("Authorization", $"{TokenReplica.Basic("free", "wrong")}"));
    }

    private static string KeyOf(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPublicKey()!;
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return $$"""{"kty":"EC","crv":"P-256","x":"{{ClientKey.Encode(point.X!)}}","y":"{{ClientKey.Encode(point.Y!)}}"}""";
    }
}
