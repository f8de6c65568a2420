using Google.Rpc;
using Grpc.Core;
using Token.Tests.Authorization;
using Token.Tests.Hosting;
using Token.Tests.OAuth;

namespace Token.Tests.Dpop;

/// <summary>RFC 9449 section 8: the server's nonces, in a realm that demands them.</summary>
public sealed class DpopNonceTests(DpopFixture fixture) : IClassFixture<DpopFixture>
{
    private readonly DpopBench _bench = fixture.Bench;

    [Fact]
    public async Task A_proof_without_a_nonce_is_answered_with_one_and_with_it_the_proof_is_good_at_every_replica()
    {
        var nonce = await DemandedAsync(_bench.Proofs(DpopBench.Nonces).Make());

        var proof = _bench.Proofs(DpopBench.Nonces).With("nonce", nonce);
        using var good = await DpopBench.PostAsync(_bench.Two, DpopBench.Nonces, proof);

        Assert.Equal("DPoP", (await DpopBench.SuccessAsync(good)).GetProperty("token_type").GetString());
        Assert.Equal(nonce, good.Headers.GetValues("DPoP-Nonce").Single());
        using var again = await DpopBench.PostAsync(_bench.One, DpopBench.Nonces, proof);
        await TokenEndpointTests.AssertRefusedAsync(again, 400, "invalid_dpop_proof");
    }

    [Fact]
    public async Task What_was_refused_for_its_nonce_is_not_used_up()
    {
        var proof = _bench.Proofs(DpopBench.Nonces).Make();
        await DemandedAsync(proof);

        await DemandedAsync(proof);
    }

    [Fact]
    public async Task A_nonce_is_good_for_minutes_and_for_its_realm()
    {
        var nonce = await DemandedAsync(_bench.Proofs(DpopBench.Nonces).Make());
        _bench.Flow.Clock.Advance(TimeSpan.FromSeconds(120));
        using var later = await DpopBench.PostAsync(_bench.One, DpopBench.Nonces, _bench.Proofs(DpopBench.Nonces).With("nonce", nonce));
        await DpopBench.SuccessAsync(later);
        Assert.NotEqual(nonce, later.Headers.GetValues("DPoP-Nonce").Single());

        _bench.Flow.Clock.Advance(TimeSpan.FromSeconds(240));
        await DemandedAsync(_bench.Proofs(DpopBench.Nonces).With("nonce", nonce));
        await DemandedAsync(_bench.Proofs(DpopBench.Nonces).With("nonce", ""));
        await DemandedAsync(_bench.Proofs(DpopBench.Nonces).With("nonce", 1));
        await DemandedAsync(_bench.Proofs(DpopBench.Nonces).With("nonce", new string('x', 2000)));

        // Another realm's, for the same time.
        _bench.Flow.Realms.Set("other-nonces", TestRealm.Resources("other-nonces"));
        var revision = _bench.Flow.Realms.Change(
            "other-nonces", new Pltfrms.Iam.Common.Realms.Model.Realm { RealmId = "other-nonces", Dpop = new() { RequireNonce = true } });
        await _bench.One.ReachAsync("other-nonces", revision);
        using var foreign = await DpopBench.PostAsync(
            _bench.One,
            "other-nonces",
            "/oauth2/token",
            TokenReplica.Basic("demo-service", TestRealm.ServiceSecret),
            [_bench.Proofs("other-nonces").Make()],
            ("grant_type", "client_credentials"));
        await TokenEndpointTests.AssertRefusedAsync(foreign, 400, "use_dpop_nonce");
        await DemandedAsync(_bench.Proofs(DpopBench.Nonces).With("nonce", foreign.Headers.GetValues("DPoP-Nonce").Single()));
    }

    [Fact]
    public async Task Over_grpc_the_nonce_is_in_the_refusal_and_in_the_answer()
    {
        var request = new Pltfrms.Iam.Token.V1.IssueTokenRequest
        {
            RealmId = DpopBench.Nonces,
            ClientId = "machine",
            ClientSecret = TestRealm.ServiceSecret,
            DpopProof = _bench.Proofs(DpopBench.Nonces).Make(),
            ClientCredentials = new(),
        };
        var refusal = await Assert.ThrowsAsync<RpcException>(async () => await _bench.One.Tokens.IssueTokenAsync(request));
        var details = Google.Rpc.Status.Parser.ParseFrom(refusal.Trailers.GetValueBytes("grpc-status-details-bin")).Details;
        var info = details.Single(detail => detail.Is(ErrorInfo.Descriptor)).Unpack<ErrorInfo>();
        Assert.Equal((StatusCode.FailedPrecondition, "USE_DPOP_NONCE"), (refusal.StatusCode, info.Type));

        request.DpopProof = _bench.Proofs(DpopBench.Nonces).With("nonce", info.Metadata["dpop_nonce"]);
        var issued = await _bench.Two.Tokens.IssueTokenAsync(request);

        Assert.Equal(("DPoP", info.Metadata["dpop_nonce"]), (issued.TokenType, issued.DpopNonce));
    }

    [Fact]
    public async Task Pushed_requests_are_asked_for_nonces_too()
    {
        const string path = "/oauth2/par";
        (string, string)[] form = [.. FlowBench.Parameters("web").Select(p => (p.Key, p.Value))];
        var web = TokenReplica.Basic("web", TestRealm.WebSecret);

        using var without = await DpopBench.PostAsync(_bench.One, DpopBench.Nonces, path, web, [_bench.Proofs(DpopBench.Nonces, path).Make()], form);
        await TokenEndpointTests.AssertRefusedAsync(without, 400, "use_dpop_nonce");
        var nonce = without.Headers.GetValues("DPoP-Nonce").Single();
        using var good = await DpopBench.PostAsync(_bench.Two, DpopBench.Nonces, path, web, [_bench.Proofs(DpopBench.Nonces, path).With("nonce", nonce)], form);

        await DpopBench.SuccessAsync(good);
        Assert.Equal(nonce, good.Headers.GetValues("DPoP-Nonce").Single());
    }

    [Fact]
    public async Task Who_proves_nothing_needs_no_nonce()
    {
        using var response = await DpopBench.PostAsync(_bench.One, DpopBench.Nonces);

        Assert.Equal("Bearer", (await DpopBench.SuccessAsync(response)).GetProperty("token_type").GetString());
        Assert.False(response.Headers.Contains("DPoP-Nonce"));
    }

    /// <summary>The nonce that comes with the refusal.</summary>
    private async Task<string> DemandedAsync(string proof)
    {
        using var response = await DpopBench.PostAsync(_bench.One, DpopBench.Nonces, proof);
        await TokenEndpointTests.AssertRefusedAsync(response, 400, "use_dpop_nonce");
        return response.Headers.GetValues("DPoP-Nonce").Single();
    }
}
