using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Client.Tests.AspNetCore;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Pltfrms.Iam.Client;
using static Client.Tests.ReadProof;
using static Testing.Waiting;

namespace Client.Tests;

/// <summary>An application whose tokens are bound to its key (RFC 9449).</summary>
public sealed class DpopTests
{
    private const string Issuer = BoundClient.Issuer;
    private const string Endpoint = Issuer + "/oauth2/token";

    private static readonly TokenRequest Ledger = new("ledger.read");

    public static TheoryData<string, Action<IamClientOptions>, string> Wrong => new()
    {
        { "no issuer", options => (options.UseDpop, options.Issuer) = (true, null), "Iam:Issuer is missing; with UseDpop proofs are made for the realm's token endpoint" },
        {
            "no issuer with a key",
            options => (options.DpopKey, options.Issuer) = (Pem(), null),
            "Iam:Issuer is missing; with DpopKey proofs are made for the realm's token endpoint"
        },
        { "no key", options => options.DpopKey = "garbage", "Iam:DpopKey has no private key in PEM that can sign: EC of P-256 or P-384, or RSA of at least 2,048 bits" },
        { "two keys", options => (options.DpopKey, options.DpopKeyFile) = (Pem(), "/nowhere"), "Iam:DpopKeyFile must not be there beside DpopKey" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_setting_stops_the_start_and_is_named(string what, Action<IamClientOptions> spoil, string message)
    {
        using var provider = new ServiceCollection()
            .AddPltfrmsIam(options =>
            {
                (options.Address, options.RealmId, options.ClientId, options.ClientSecret) = (new Uri("http://127.0.0.1:9080"), "demo", "demo-api", "the-secret");
                options.Issuer = new Uri(Issuer);
                spoil(options);
            })
            .BuildServiceProvider();

        var fault = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IamClient>());

        Assert.Equal((what, message), (what, Assert.Single(fault.Failures)));
    }

    [Fact]
    public async Task Each_token_request_has_a_proof_of_its_own_by_one_key()
    {
        await using var fixture = await StartAsync();

        await fixture.TokenAsync(Ledger);
        await fixture.TokenAsync(new TokenRequest("other.read"));

        var proofs = fixture.Server.TokenRequests.Select(request => request.DpopProof).ToArray();
        Assert.Equal(2, proofs.Select(proof => Claim(proof, "jti")).Distinct().Count());
        var jwk = Assert.Single(proofs.Select(proof => Part(proof, 0)["jwk"]!.ToJsonString()).Distinct());
        Assert.Equal(["kty", "crv", "x", "y"], JsonNode.Parse(jwk)!.AsObject().Select(member => member.Key));
        foreach (var proof in proofs)
        {
            var claims = Part(proof, 1);
            claims.Remove("jti");
            Assert.Equal($$"""{"htm":"POST","htu":"{{Endpoint}}","iat":{{fixture.Clock.GetUtcNow().ToUnixTimeSeconds()}}}""", claims.ToJsonString());
            Assert.Equal(("dpop+jwt", "ES256"), (Part(proof, 0)["typ"]!.GetValue<string>(), Part(proof, 0)["alg"]!.GetValue<string>()));
            AssertSigned(proof);
        }
    }

    [Fact]
    public async Task A_configured_key_is_the_one_that_tokens_are_bound_to()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        await using var fixture = await StartAsync(options => options.DpopKey = key.ExportPkcs8PrivateKeyPem());

        await fixture.TokenAsync(Ledger);

        var header = Part(Assert.Single(fixture.Server.TokenRequests).DpopProof, 0);
        Assert.Equal(("ES384", "P-384"), (header["alg"]!.GetValue<string>(), header["jwk"]!["crv"]!.GetValue<string>()));
        Assert.Equal(Base64Url.EncodeToString(key.ExportParameters(includePrivateParameters: false).Q.X), header["jwk"]!["x"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_nonce_that_is_demanded_is_used_at_once_and_from_then_on()
    {
        await using var fixture = await StartAsync();
        var issue = fixture.Server.Issue;
        fixture.Server.Issue = async (request, context) =>
        {
            if (Claim(request.DpopProof, "nonce") is null)
            {
                throw Faults.Of(StatusCode.FailedPrecondition, "USE_DPOP_NONCE", ("dpop_nonce", "first"));
            }

            var issued = await issue(request, context);
            issued.DpopNonce = "second";
            return issued;
        };

        await fixture.TokenAsync(Ledger);
        await fixture.TokenAsync(new TokenRequest("other.read"));

        Assert.Equal([null, "first", "second"], fixture.Server.TokenRequests.Select(request => Claim(request.DpopProof, "nonce")));
        Assert.Equal(3, fixture.Server.TokenRequests.Select(request => Claim(request.DpopProof, "jti")).Distinct().Count());
    }

    [Fact]
    public async Task A_nonce_that_is_demanded_again_and_again_is_a_failure()
    {
        await using var fixture = await StartAsync();
        fixture.Server.Issue = (_, _) => throw Faults.Of(StatusCode.FailedPrecondition, "USE_DPOP_NONCE", ("dpop_nonce", "another"));

        var fault = await Assert.ThrowsAsync<IamClientException>(() => fixture.TokenAsync(Ledger));

        Assert.Equal((IamErrorReason.UseDpopNonce, 2), (fault.Reason, fixture.Server.TokenRequests.Count));
    }

    [Fact]
    public async Task A_token_that_is_not_bound_although_it_was_asked_for_so_is_not_used()
    {
        await using var fixture = await StartAsync();
        fixture.Server.Issue = (_, _) => Task.FromResult(fixture.Server.NextToken());

        var fault = await Assert.ThrowsAsync<IamClientException>(() => fixture.TokenAsync(Ledger));

        Assert.Equal("INTERNAL: the token is not bound to the key of the proof that it was asked for with", fault.Message);
    }

    [Fact]
    public async Task Each_request_has_a_proof_for_itself_and_its_token_and_a_nonce_that_is_demanded_is_given_once()
    {
        await using var fixture = await StartAsync();
        List<HttpRequestMessage> received = [];
        using var http = Http(fixture, request =>
        {
            received.Add(Copy(request));
            var demands = request.RequestUri!.Host == "ledger.example" && Claim(Proof(request), "nonce") is null;
            return Answer(demands ? HttpStatusCode.Unauthorized : HttpStatusCode.OK, demands || received.Count == 2 ? $"nonce-{received.Count}" : null);
        });

        Assert.Equal(HttpStatusCode.OK, (await http.PostAsync("https://LEDGER.example:443/entries/%7e?page=2#top", new ByteArrayContent([1]))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("https://ledger.example/entries")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("https://other.example/")).StatusCode);

        Assert.Equal([null, "nonce-1", "nonce-2", null], received.Select(request => Claim(Proof(request), "nonce")));
        Assert.Equal(["POST", "POST", "GET", "GET"], received.Select(request => Claim(Proof(request), "htm")));
        Assert.Equal("https://ledger.example/entries/~", Claim(Proof(received[0]), "htu"));
        Assert.All(received, request => Assert.Equal("DPoP token-1", request.Headers.Authorization!.ToString()));
        Assert.All(received, request => Assert.Equal(Base64Url.EncodeToString(SHA256.HashData("token-1"u8)), Claim(Proof(request), "ath")));
        Assert.All(received, request => AssertSigned(Proof(request)));
        Assert.Equal(4, received.Select(request => Claim(Proof(request), "jti")).Distinct().Count());
    }

    [Fact]
    public async Task A_service_that_always_demands_another_nonce_is_asked_twice()
    {
        await using var fixture = await StartAsync();
        var asked = 0;
        using var http = Http(fixture, _ => Answer(HttpStatusCode.Unauthorized, $"nonce-{++asked}"));

        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("https://ledger.example/")).StatusCode);

        Assert.Equal((2, 1), (asked, fixture.Server.TokenRequests.Count));
    }

    [Fact]
    public async Task A_nonce_outlives_the_handlers_that_a_factory_replaces()
    {
        await using var fixture = await StartAsync();
        var ledgers = new Ledgers();
        var services = new ServiceCollection().AddSingleton(fixture.Tokens);
        ledgers.AnswerTo(services.AddHttpClient("ledger").AddIamToken(Ledger));
        await using var provider = services.BuildServiceProvider();
        var clients = provider.GetRequiredService<IHttpClientFactory>();

        await Ledgers.AskAsync(clients);
        await ledgers.ReplacedAsync(clients);
        await Ledgers.AskAsync(clients);

        Assert.Equal([null, "first", "first"], ledgers.Nonces);
    }

    [Fact]
    public async Task A_nonce_for_calls_that_are_made_for_the_caller_outlives_the_handlers_too()
    {
        var ledgers = new Ledgers();
        await using var app = await ProtectedApp.StartAsync(
            services: services =>
            {
                services.Configure<IamClientOptions>(static options => (options.UseDpop, options.Issuer) = (true, new Uri(Issuer)));
                ledgers.AnswerTo(services.AddHttpClient("ledger").AddIamUserToken(Ledger));
            },
            map: routes => routes.MapGet("/forward", Ledgers.AskAsync).RequireAuthorization());
        BoundClient.Bind(app.Server);

        Assert.Equal(HttpStatusCode.OK, (await app.GetAsync("/forward")).Status);
        await ledgers.ReplacedAsync(app.Services.GetRequiredService<IHttpClientFactory>());
        Assert.Equal(HttpStatusCode.OK, (await app.GetAsync("/forward")).Status);

        Assert.Equal([null, "first", "first"], ledgers.Nonces);
    }

    private static Task<ClientFixture> StartAsync(Action<IamClientOptions>? configure = null) => BoundClient.StartAsync(configure);

    private static HttpClient Http(ClientFixture fixture, Func<HttpRequestMessage, HttpResponseMessage> answer) =>
        new(new IamTokenHandler(cancellationToken => fixture.Tokens.GetAsync(Ledger, cancellationToken)) { InnerHandler = new Answering(answer) });

    private static HttpResponseMessage Answer(HttpStatusCode status, string? nonce)
    {
        var response = new HttpResponseMessage(status);
        if (nonce is not null)
        {
            response.Headers.Add("DPoP-Nonce", nonce);
        }
        if (status == HttpStatusCode.Unauthorized)
        {
            response.Headers.WwwAuthenticate.Add(new AuthenticationHeaderValue("DPoP", "realm=\"demo\", error=\"use_dpop_nonce\", algs=\"ES256\""));
        }
        return response;
    }

    /// <summary>A request that is sent again is the same object.</summary>
    private static HttpRequestMessage Copy(HttpRequestMessage request)
    {
        var copy = new HttpRequestMessage(request.Method, request.RequestUri);
        foreach (var (name, values) in request.Headers)
        {
            copy.Headers.TryAddWithoutValidation(name, values);
        }
        return copy;
    }

    private static string Proof(HttpRequestMessage request) => Assert.Single(request.Headers.GetValues("DPoP"));

    private static string Pem() => ECDsa.Create(ECCurve.NamedCurves.nistP256).ExportPkcs8PrivateKeyPem();

    private sealed class Answering(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(answer(request));
    }

    /// <summary>A service that demands a nonce, at the end of handlers that are soon replaced.</summary>
    private sealed class Ledgers
    {
        private int _handlers;

        public List<string?> Nonces { get; } = [];

        public void AnswerTo(IHttpClientBuilder builder) => builder.SetHandlerLifetime(TimeSpan.FromSeconds(1)).ConfigurePrimaryHttpMessageHandler(() =>
        {
            _handlers++;
            return new Answering(request =>
            {
                Nonces.Add(Claim(Proof(request), "nonce"));
                return Nonces[^1] is null ? Answer(HttpStatusCode.Unauthorized, "first") : Answer(HttpStatusCode.OK, nonce: null);
            });
        });

        public static async Task AskAsync(IHttpClientFactory clients)
        {
            using var http = clients.CreateClient("ledger");
            await http.GetStringAsync("https://ledger.example/");
        }

        public Task ReplacedAsync(IHttpClientFactory clients) => UntilAsync(() =>
        {
            clients.CreateClient("ledger").Dispose();
            return _handlers > 1;
        });
    }
}
