using System.Text.Json;
using System.Text.Json.Nodes;
using Grpc.Core;
using Pltfrms.Iam.Token.Exchange;
using Token.Tests.Authorization;
using Token.Tests.ClientAuthentication;
using Token.Tests.Hosting;
using Token.Tests.OAuth;

namespace Token.Tests.Dpop;

/// <summary>RFC 9449 at the token endpoint.</summary>
public sealed class DpopTokenTests(DpopFixture fixture) : IClassFixture<DpopFixture>
{
    private readonly DpopBench _bench = fixture.Bench;

    public static TheoryData<string> Bad => [.. BadProofs.All.Keys];

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task A_bad_proof_is_refused(string what)
    {
        var (why, make) = BadProofs.All[what];

        using var response = await DpopBench.PostAsync(_bench.One, DpopBench.Free, make(_bench.Proofs()));

        var json = await TokenReplica.JsonAsync(response);
        Assert.Equal(
            (400, "invalid_dpop_proof", $"The DPoP proof {why}."),
            ((int)response.StatusCode, json.GetProperty("error").GetString(), json.GetProperty("error_description").GetString()));
        Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
    }

    [Fact]
    public async Task Two_proofs_or_an_empty_one_are_refused()
    {
        using var two = await DpopBench.PostAsync(_bench.One, DpopBench.Free, _bench.Proofs().Make(), _bench.Proofs().Make());
        using var empty = await DpopBench.PostAsync(_bench.One, DpopBench.Free, "");

        await TokenEndpointTests.AssertRefusedAsync(two, 400, "invalid_dpop_proof");
        await TokenEndpointTests.AssertRefusedAsync(empty, 400, "invalid_dpop_proof");
    }

    [Fact]
    public async Task A_good_proof_binds_the_token_over_either_transport()
    {
        using var response = await DpopBench.PostAsync(_bench.One, DpopBench.Free, _bench.Proofs().Make());
        var rest = await DpopBench.SuccessAsync(response);
        var grpc = await _bench.One.Tokens.IssueTokenAsync(new()
        {
            RealmId = "demo",
            ClientId = "machine",
            ClientSecret = TestRealm.ServiceSecret,
            DpopProof = _bench.Proofs().Make(),
            ClientCredentials = new(),
        });

        Assert.Equal(("DPoP", "DPoP", ""), (rest.GetProperty("token_type").GetString(), grpc.TokenType, grpc.DpopNonce));
        foreach (var token in new[] { rest.GetProperty("access_token").GetString()!, grpc.AccessToken })
        {
            var introspected = JsonDocument.Parse(await _bench.Two.IntrospectAsync("demo", token)).RootElement;
            Assert.Equal($$"""{"jkt":"{{DpopBench.Thumbprint}}"}""", introspected.GetProperty("cnf").GetRawText());
            Assert.Equal("DPoP", introspected.GetProperty("token_type").GetString());
        }

        var stolen = new Pltfrms.Iam.Token.V1.IssueTokenRequest
        {
            RealmId = "demo",
            ClientId = "machine",
            ClientSecret = TestRealm.ServiceSecret,
            DpopProof = _bench.Proofs(path: "/oauth2/introspect").Make(),
            ClientCredentials = new(),
        };
        Assert.Equal((StatusCode.InvalidArgument, "INVALID_DPOP_PROOF"), await Refusals.OfAsync(_bench.One.Tokens.IssueTokenAsync(stolen)));
    }

    public static TheoryData<string, string, string> Good => new()
    {
        { "with a claim more", "nonce", "\"nobody asked for it\"" },
        { "made ten seconds ago", "iat", "-10" },
        { "made ten seconds ahead", "iat", "10" },
        { "made with fractions of seconds", "iat", "0.5" },
        { "valid from ten seconds ahead", "nbf", "10" },
        { "expired a second ago, by our clock", "exp", "-1" },
        { "with the realm's name for itself in a query", "htu", "\"http://127.0.0.1:8080/realms/demo/oauth2/token?x=1#y\"" },
        { "with the scheme and host in upper case", "htu", "\"HTTP://127.0.0.1:8080/realms/demo/oauth2/token\"" },
        { "with dot segments", "htu", "\"http://127.0.0.1:8080/realms/./other/../demo/oauth2/token\"" },
        { "with a hash that nobody asked for", "ath", "\"x\"" },
    };

    [Theory]
    [MemberData(nameof(Good))]
    public async Task A_proof_that_is_unusual_is_good(string what, string claim, string json)
    {
        var proofs = _bench.Proofs();
        var value = JsonNode.Parse(json)!;
        value = value.GetValueKind() == JsonValueKind.Number ? proofs.Seconds + value.GetValue<double>() : value;

        using var response = await DpopBench.PostAsync(_bench.One, DpopBench.Free, proofs.With(claim, value));

        Assert.True(response.IsSuccessStatusCode, $"{what}: {await response.Content.ReadAsStringAsync()}");
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("PS256")]
    public async Task Every_algorithm_binds_to_the_keys_thumbprint(string algorithm)
    {
        var key = ClientKey.Of(algorithm, "k");

        // Twice, for a key that is known is read no more.
        foreach (var _ in Enumerable.Range(0, 2))
        {
            using var response = await DpopBench.PostAsync(_bench.One, DpopBench.Free, _bench.Proofs(key: key).Make());
            var claims = FlowBench.Claims(await DpopBench.SuccessAsync(response));
            Assert.Equal(ProofMaker.ThumbprintOf(key), claims.GetProperty("cnf").GetProperty("jkt").GetString());
        }
    }

    [Theory]
    [InlineData("http://login.own.example/oauth2/token")]
    [InlineData("http://login.own.example:80/oauth2/token")]
    [InlineData("HTTP://Login.OWN.example:80/oauth2/token")]
    [InlineData("http://127.0.0.1:8080/realms/own/oauth2/token")]
    public async Task A_realm_with_a_host_name_is_at_all_its_addresses(string address)
    {
        using var response = await DpopBench.PostAsync(_bench.One, DpopBench.Own, _bench.Proofs(DpopBench.Own).With("htu", address));

        await DpopBench.SuccessAsync(response);
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080/oauth2/token")]
    [InlineData("http://127.0.0.1:8080/realms/demo/oauth2/token")]
    [InlineData("http://login.own.example/realms/own/oauth2/token")]
    [InlineData("https://login.own.example/oauth2/token")]
    public async Task A_proof_for_another_realms_address_is_refused(string address)
    {
        using var response = await DpopBench.PostAsync(_bench.One, DpopBench.Own, _bench.Proofs(DpopBench.Own).With("htu", address));

        await TokenEndpointTests.AssertRefusedAsync(response, 400, "invalid_dpop_proof");
    }

    [Fact]
    public async Task Who_must_prove_a_key_gets_nothing_without()
    {
        (string, string)[] form = [("grant_type", "client_credentials")];
        using var realm = await DpopBench.PostAsync(_bench.One, DpopBench.Strict);
        using var client = await DpopBench.PostAsync(_bench.One, DpopBench.Free, "/oauth2/token", TokenReplica.Basic("bound", TestRealm.ServiceSecret), [], form);
        using var proven = await DpopBench.PostAsync(
            _bench.One, DpopBench.Free, "/oauth2/token", TokenReplica.Basic("bound", TestRealm.ServiceSecret), [_bench.Proofs().Make()], form);
        var grpc = new Pltfrms.Iam.Token.V1.IssueTokenRequest { RealmId = DpopBench.Strict, ClientId = "machine", ClientSecret = TestRealm.ServiceSecret, ClientCredentials = new() };

        await TokenEndpointTests.AssertRefusedAsync(realm, 400, "invalid_dpop_proof");
        await TokenEndpointTests.AssertRefusedAsync(client, 400, "invalid_dpop_proof");
        Assert.Equal("DPoP", (await DpopBench.SuccessAsync(proven)).GetProperty("token_type").GetString());
        Assert.Equal((StatusCode.InvalidArgument, "INVALID_DPOP_PROOF"), await Refusals.OfAsync(_bench.One.Tokens.IssueTokenAsync(grpc)));
    }

    [Fact]
    public async Task Who_is_not_the_client_does_not_hear_of_its_proof()
    {
        using var response = await DpopBench.PostAsync(
            _bench.One, DpopBench.Free, "/oauth2/token", TokenReplica.Basic("machine", "wrong"), ["garbage"], ("grant_type", "client_credentials"));

        await TokenEndpointTests.AssertRefusedAsync(response, 401, "invalid_client");
    }

    [Fact]
    public async Task An_exchanged_token_is_bound_to_the_key_of_who_exchanges_or_to_none()
    {
        var subject = await _bench.BoundTokenAsync();
        (string, string)[] form = [("grant_type", TokenExchangeGrant.Name), ("subject_token", subject), ("subject_token_type", TokenTypes.AccessToken)];

        using var bound = await DpopBench.PostAsync(
            _bench.One, DpopBench.Free, "/oauth2/token", DpopBench.Machine, [_bench.Proofs(key: DpopBench.OtherKey).Make()], form);
        using var free = await DpopBench.PostAsync(_bench.One, DpopBench.Free, "/oauth2/token", DpopBench.Machine, [], form);

        var (boundJson, freeJson) = (await DpopBench.SuccessAsync(bound), await DpopBench.SuccessAsync(free));
        Assert.Equal(ProofMaker.ThumbprintOf(DpopBench.OtherKey), FlowBench.Claims(boundJson).GetProperty("cnf").GetProperty("jkt").GetString());
        Assert.False(FlowBench.Claims(freeJson).TryGetProperty("cnf", out _));
        Assert.Equal(("DPoP", "Bearer"), (boundJson.GetProperty("token_type").GetString(), freeJson.GetProperty("token_type").GetString()));
    }

    [Fact]
    public async Task A_web_page_may_send_proofs_and_read_nonces()
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, "/realms/demo/oauth2/token") { Headers = { { "Origin", "http://127.0.0.1:8765" } } };

        using var response = await _bench.One.Http.SendAsync(request);

        Assert.Equal("Authorization, Content-Type, DPoP", response.Headers.GetValues("Access-Control-Allow-Headers").Single());
        Assert.Contains("DPoP-Nonce", response.Headers.GetValues("Access-Control-Expose-Headers").Single());
    }
}
