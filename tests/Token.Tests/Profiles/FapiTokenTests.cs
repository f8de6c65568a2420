using System.Net;
using System.Text.Json.Nodes;
using Pltfrms.Iam.Common.Certificates;
using Token.Tests.Authorization;
using Token.Tests.Dpop;
using Token.Tests.Hosting;
using Token.Tests.OAuth;
using static Token.Tests.Profiles.FapiBench;

namespace Token.Tests.Profiles;

/// <summary>The modules of the FAPI 2.0 conformance suite about the token endpoint; docs/conformance.md lists them by name.</summary>
public sealed class FapiTokenTests(FapiBench bench) : IClassFixture<FapiBench>
{
    [Fact]
    public async Task A_pushed_request_becomes_a_token_that_is_bound_and_active()
    {
        var tokens = await bench.TokensAsync();
        var claims = FlowBench.Claims(tokens);

        Assert.Equal(CertificateThumbprint.Of(bench.Certificate), claims.GetProperty("cnf").GetProperty("x5t#S256").GetString());
        using var introspected = await bench.PostAsync(
            "/realms/demo/oauth2/introspect", bench.Assertion(), null, ("token", tokens.GetProperty("access_token").GetString()!));
        Assert.True((await TokenReplica.JsonAsync(introspected)).GetProperty("active").GetBoolean());
    }

    [Fact]
    public async Task No_token_is_issued_that_is_bound_to_nothing()
    {
        var code = await bench.CodeAsync();
        using var withCode = await bench.PostAsync(
            TokenPath, bench.Assertion(), null, ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", FlowBench.Callback), ("code_verifier", FlowBench.Verifier));
        using var forItself = await bench.PostAsync(TokenPath, bench.Assertion(), null, ("grant_type", "client_credentials"));

        await TokenEndpointTests.AssertRefusedAsync(withCode, 400, "invalid_request");
        await TokenEndpointTests.AssertRefusedAsync(forItself, 400, "invalid_request");
    }

    [Fact]
    public async Task A_proof_binds_in_place_of_a_certificate_where_it_is_signed_as_the_profile_has_it()
    {
        foreach (var key in new[] { Key, Ps256, Es384 })
        {
            var maker = new ProofMaker(key, "POST", FlowBench.Issuer + "/oauth2/token", bench.Clock.GetUtcNow());
            using var response = await bench.PostAsync(TokenPath, bench.Assertion(), null, maker.Make(), [("grant_type", "client_credentials")]);
            if (key == Es384)
            {
                await TokenEndpointTests.AssertRefusedAsync(response, 400, "invalid_dpop_proof");
                continue;
            }

            var tokens = await TokenReplica.JsonAsync(response);
            Assert.True(response.IsSuccessStatusCode, tokens.GetRawText());
            Assert.Equal("DPoP", tokens.GetProperty("token_type").GetString());
            Assert.Equal(ProofMaker.ThumbprintOf(key), FlowBench.Claims(tokens).GetProperty("cnf").GetProperty("jkt").GetString());
        }
    }

    [Fact]
    public async Task Only_keys_and_certificates_authenticate_and_only_confidential_clients()
    {
        using var basic = await bench.Service.PostAsync(TokenPath, TokenReplica.Basic("secretive", TestRealm.ServiceSecret), ("grant_type", "client_credentials"));
        using var post = await bench.PostAsync(TokenPath, null, bench.Certificate, ("grant_type", "client_credentials"), ("client_id", "secretive"), ("client_secret", TestRealm.ServiceSecret));
        using var pub = await bench.PostAsync(ParPath, null, bench.Certificate, FlowBench.Parameters("native").Select(pair => (pair.Key, pair.Value)));
        using var keyed = await bench.PostAsync(ParPath, bench.Assertion("native"), bench.Certificate, FlowBench.Parameters("native").Select(pair => (pair.Key, pair.Value)));
        using var missing = await bench.PostAsync(TokenPath, null, bench.Certificate, ("grant_type", "client_credentials"), ("client_id", "signer"));

        foreach (var refused in new[] { basic, post, pub, keyed, missing })
        {
            await TokenEndpointTests.AssertRefusedAsync(refused, 401, "invalid_client");
        }
    }

    [Fact]
    public async Task An_assertion_is_for_the_issuer_now_and_signed_as_the_profile_has_it()
    {
        var now = bench.Clock.GetUtcNow().ToUnixTimeSeconds();
        foreach (var (what, expected, assertion) in new (string, int, string)[]
        {
            ("ES256", 200, bench.Assertion()),
            ("PS256", 200, Ps256.Sign([], bench.Claims("signer"))),
            ("ES384", 401, Es384.Sign([], bench.Claims("signer"))),
            ("RS256", 401, Rs256.Sign([], bench.Claims("signer"))),
            ("exp five minutes ago", 401, Signed(("exp", now - 300))),
            ("no sub", 401, Signed(("sub", null))),
            ("the token endpoint as aud", 401, Signed(("aud", FlowBench.Issuer + "/oauth2/token"))),
            ("the PAR endpoint as aud", 401, Signed(("aud", FlowBench.Issuer + "/oauth2/par"))),
            ("a list as aud", 401, Signed(("aud", new JsonArray(FlowBench.Issuer)))),
            ("another's aud", 401, Signed(("aud", "https://other.example"))),
            ("nbf 8 s ahead", 200, Signed(("nbf", now + 8))),
            ("iat 10 s ahead", 200, Signed(("iat", now + 10))),
            ("nbf more than a minute ahead", 401, Signed(("nbf", now + 61))),
        })
        {
            using var response = await bench.PostAsync(TokenPath, assertion, bench.Certificate, ("grant_type", "client_credentials"));
            Assert.True((int)response.StatusCode == expected, $"{what}: {response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        }

        string Signed((string Name, JsonNode? Value) change) => Key.Sign([], bench.Claims("signer", "demo", change));
    }

    [Fact]
    public async Task A_code_is_its_clients_with_its_verifier_and_redirect_uri()
    {
        var code = await bench.CodeAsync();
        using var noVerifier = await bench.RedeemAsync(code, verifier: null);
        using var wrongVerifier = await bench.RedeemAsync(code, verifier: new string('x', 43));
        using var otherAddress = await bench.RedeemAsync(code, redirectUri: "https://app.example/cb");
        using var otherClient = await bench.RedeemAsync(code, clientId: "twin");
        using var named = await bench.PostAsync(
            TokenPath, bench.Assertion(), bench.Certificate,
            ("grant_type", "authorization_code"), ("client_id", "twin"), ("code", code), ("redirect_uri", FlowBench.Callback), ("code_verifier", FlowBench.Verifier));

        foreach (var refused in new[] { noVerifier, wrongVerifier, otherAddress, otherClient })
        {
            await TokenEndpointTests.AssertRefusedAsync(refused, 400, "invalid_grant");
        }

        await TokenEndpointTests.AssertRefusedAsync(named, 400, "invalid_request");
        using var good = await bench.RedeemAsync(code);
        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
    }

    [Fact]
    public async Task A_code_counts_once_and_for_a_minute()
    {
        var code = await bench.CodeAsync();
        using var first = await bench.RedeemAsync(code);
        var token = (await TokenReplica.JsonAsync(first)).GetProperty("access_token").GetString()!;
        bench.Clock.Advance(TimeSpan.FromSeconds(1));
        using var second = await bench.RedeemAsync(code);
        await TokenEndpointTests.AssertRefusedAsync(second, 400, "invalid_grant");
        using var introspected = await bench.PostAsync("/realms/demo/oauth2/introspect", bench.Assertion(), null, ("token", token));
        Assert.False((await TokenReplica.JsonAsync(introspected)).GetProperty("active").GetBoolean());

        var late = await bench.CodeAsync();
        bench.Clock.Advance(TimeSpan.FromSeconds(60));
        using var expired = await bench.RedeemAsync(late);
        await TokenEndpointTests.AssertRefusedAsync(expired, 400, "invalid_grant");
    }

    [Fact]
    public async Task A_refresh_token_stays_the_same_is_its_clients_and_binds_to_the_key_of_each_request()
    {
        var tokens = await bench.TokensAsync();
        var refreshToken = tokens.GetProperty("refresh_token").GetString()!;
        using var twin = await bench.RefreshAsync(refreshToken, "twin");
        await TokenEndpointTests.AssertRefusedAsync(twin, 400, "invalid_grant");
        using var bare = await bench.PostAsync(TokenPath, bench.Assertion(), null, ("grant_type", "refresh_token"), ("refresh_token", refreshToken));
        await TokenEndpointTests.AssertRefusedAsync(bare, 400, "invalid_request");

        for (var use = 0; use < 3; use++)
        {
            bench.Clock.Advance(TimeSpan.FromMinutes(1));
            using var refreshed = await bench.RefreshAsync(refreshToken, certificate: bench.Another);
            var answer = await TokenReplica.JsonAsync(refreshed);
            Assert.True(refreshed.IsSuccessStatusCode, answer.GetRawText());
            Assert.Equal(refreshToken, answer.GetProperty("refresh_token").GetString());
            Assert.Equal(CertificateThumbprint.Of(bench.Another), FlowBench.Claims(answer).GetProperty("cnf").GetProperty("x5t#S256").GetString());
        }
    }
}
