using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Client.Tests.AspNetCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Pltfrms.Iam.Client;
using Testing;

namespace Client.Tests;

/// <summary>An application that proves itself with a key (private_key_jwt).</summary>
public sealed class PrivateKeyTests : IDisposable
{
    private const string Issuer = "https://iam.example/realms/demo";

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string, string> Algorithms => new()
    {
        { "ES256", ECDsa.Create(ECCurve.NamedCurves.nistP256).ExportPkcs8PrivateKeyPem(), ECDsa.Create(ECCurve.NamedCurves.nistP256).ExportECPrivateKeyPem() },
        { "ES384", ECDsa.Create(ECCurve.NamedCurves.nistP384).ExportPkcs8PrivateKeyPem(), ECDsa.Create(ECCurve.NamedCurves.nistP384).ExportECPrivateKeyPem() },
        { "PS256", RSA.Create(2048).ExportPkcs8PrivateKeyPem(), RSA.Create(2048).ExportRSAPrivateKeyPem() },
    };

    public static TheoryData<string, Action<IamClientOptions>, string[]> Wrong => new()
    {
        { "a secret beside it", options => options.ClientSecret = "the-secret", ["Iam:ClientSecret must not be there beside PrivateKey: a client authenticates in one way"] },
        { "no issuer", options => options.Issuer = null, ["Iam:Issuer is missing; what PrivateKey signs is for the realm's issuer"] },
        { "no key", options => options.PrivateKey = "garbage", [NoKey("PrivateKey")] },
        { "a public key", options => options.PrivateKey = ECDsa.Create(ECCurve.NamedCurves.nistP256).ExportSubjectPublicKeyInfoPem(), [NoKey("PrivateKey")] },
        { "a curve that nobody takes", options => options.PrivateKey = ECDsa.Create(ECCurve.NamedCurves.nistP521).ExportPkcs8PrivateKeyPem(), [NoKey("PrivateKey")] },
        { "a short key", options => options.PrivateKey = RSA.Create(1024).ExportPkcs8PrivateKeyPem(), [NoKey("PrivateKey")] },
        { "a file beside it", options => options.PrivateKeyFile = "/nowhere", ["Iam:PrivateKeyFile must not be there beside PrivateKey"] },
    };

    public void Dispose()
    {
        _key.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Each_request_has_an_assertion_of_its_own_for_the_issuer_and_no_secret()
    {
        var file = _folder.File("client.pem");
        await File.WriteAllTextAsync(file, _key.ExportPkcs8PrivateKeyPem());
        await using var fixture = await ClientFixture.StartAsync(options =>
            (options.ClientSecret, options.PrivateKeyFile, options.KeyId, options.Issuer) = ("", file, "k1", new Uri(Issuer)));

        await fixture.TokenAsync(new TokenRequest("a.read"));
        await fixture.TokenAsync(new TokenRequest("b.read"));

        var requests = fixture.Server.TokenRequests.ToArray();
        Assert.Equal(["", ""], requests.Select(request => request.ClientSecret));
        Assert.Equal(2, requests.Select(request => Claims(request.ClientAssertion)["jti"]!.GetValue<string>()).Distinct().Count());
        var now = fixture.Clock.GetUtcNow().ToUnixTimeSeconds();
        foreach (var request in requests)
        {
            var claims = Claims(request.ClientAssertion);
            claims.Remove("jti");
            Assert.Equal($$"""{"iss":"demo-api","sub":"demo-api","aud":"{{Issuer}}","iat":{{now}},"exp":{{now + 60}}}""", claims.ToJsonString());
            Assert.Equal("""{"typ":"JWT","kid":"k1","alg":"ES256"}""", Part(request.ClientAssertion, 0).ToJsonString());
            Assert.True(IsSignedBy(_key, request.ClientAssertion));
        }
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task The_key_says_the_algorithm(string algorithm, string pkcs8, string own)
    {
        foreach (var key in new[] { pkcs8, own })
        {
            await using var fixture = await ClientFixture.StartAsync(options => (options.ClientSecret, options.PrivateKey, options.Issuer) = ("", key, new Uri(Issuer)));

            await fixture.TokenAsync(new TokenRequest());

            Assert.Equal(algorithm, Part(fixture.Server.TokenRequests.Single().ClientAssertion, 0)["alg"]!.GetValue<string>());
        }
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_key_stops_the_start_and_is_named(string what, Action<IamClientOptions> spoil, string[] faults)
    {
        using var provider = Provider(options =>
        {
            options.PrivateKey = _key.ExportPkcs8PrivateKeyPem();
            spoil(options);
        });

        var fault = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IamClient>());

        Assert.Equal((what, string.Join('\n', faults)), (what, string.Join('\n', fault.Failures)));
    }

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        using var provider = Provider(options => options.PrivateKeyFile = _folder.File("missing.pem"));

        var fault = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IamClient>());

        Assert.StartsWith("Iam:PrivateKeyFile cannot be read: ", Assert.Single(fault.Failures));
    }

    [Fact]
    public async Task Nonces_of_services_with_keys_are_no_ones_to_guess()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        string[] nonces = [await NonceAsync(_key), await NonceAsync(other), await NonceAsync(_key)];

        Assert.NotEqual(nonces[0], nonces[1]);
        Assert.Equal(nonces[0], nonces[2]);
    }

    /// <summary>The first nonce of a service that demands them, at the time at which all clocks of tests begin.</summary>
    private static async Task<string> NonceAsync(ECDsa key)
    {
        using var sender = new TestProof();
        await using var app = await ProtectedApp.StartAsync(
            options => options.RequireDpopNonce = true,
            services => services.Configure<IamClientOptions>(options =>
                (options.ClientSecret, options.PrivateKey, options.Issuer) = ("", key.ExportPkcs8PrivateKeyPem(), new Uri(Issuer))));
        app.Introspect(token => token.Confirmation = new() { JwkThumbprint = sender.Thumbprint });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/organizations/acme/invoices");
        request.Headers.TryAddWithoutValidation("Authorization", "DPoP the-token");
        request.Headers.TryAddWithoutValidation("DPoP", sender.Make("the-token", new Uri(app.Http.BaseAddress!, "/organizations/acme/invoices"), app.Clock.GetUtcNow()));
        using var refused = await app.Http.SendAsync(request);
        return Assert.Single(refused.Headers.GetValues("DPoP-Nonce"));
    }

    private static ServiceProvider Provider(Action<IamClientOptions> configure) => new ServiceCollection()
        .AddPltfrmsIam(options =>
        {
            (options.Address, options.RealmId, options.ClientId, options.Issuer) = (new Uri("http://127.0.0.1:9080"), "demo", "demo-api", new Uri(Issuer));
            configure(options);
        })
        .BuildServiceProvider();

    private static string NoKey(string setting) =>
        $"Iam:{setting} has no private key in PEM that can sign: EC of P-256 or P-384, or RSA of at least 2,048 bits";

    private static JsonObject Claims(string jwt) => Part(jwt, 1);

    private static JsonObject Part(string jwt, int part) => JsonNode.Parse(Base64Url.DecodeFromChars(jwt.Split('.')[part]))!.AsObject();

    private static bool IsSignedBy(ECDsa key, string jwt)
    {
        var end = jwt.LastIndexOf('.');
        return key.VerifyData(Encoding.ASCII.GetBytes(jwt[..end]), Base64Url.DecodeFromChars(jwt.AsSpan(end + 1)), HashAlgorithmName.SHA256);
    }
}
