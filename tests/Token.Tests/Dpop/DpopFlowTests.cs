using System.Text.Json;
using Token.Tests.Authorization;
using Token.Tests.Hosting;
using Token.Tests.OAuth;

namespace Token.Tests.Dpop;

/// <summary>Codes, refresh tokens and devices of clients with keys (RFC 9449 sections 5 and 10).</summary>
public sealed class DpopFlowTests(DpopFixture fixture) : IClassFixture<DpopFixture>
{
    private const string Par = "/oauth2/par";

    private readonly DpopBench _bench = fixture.Bench;

    [Theory]
    [InlineData("web")]
    [InlineData("spa")]
    public async Task A_code_that_is_bound_to_a_key_is_good_with_that_key_only(string clientId)
    {
        var code = await _bench.CodeAsync(clientId, ("dpop_jkt", DpopBench.Thumbprint));

        using var without = await _bench.RedeemAsync(clientId, code);
        using var other = await _bench.RedeemAsync(clientId, code, _bench.Proofs(key: DpopBench.OtherKey).Make());
        using var good = await _bench.RedeemAsync(clientId, code, _bench.Proofs().Make());

        await TokenEndpointTests.AssertRefusedAsync(without, 400, "invalid_grant");
        await TokenEndpointTests.AssertRefusedAsync(other, 400, "invalid_grant");
        Assert.Equal(DpopBench.Thumbprint, FlowBench.Claims(await DpopBench.SuccessAsync(good)).GetProperty("cnf").GetProperty("jkt").GetString());
    }

    [Fact]
    public async Task A_code_that_is_bound_to_nothing_gives_a_token_that_is()
    {
        using var response = await _bench.RedeemAsync("web", await _bench.CodeAsync("web"), _bench.Proofs().Make());

        var json = await DpopBench.SuccessAsync(response);
        Assert.Equal("DPoP", json.GetProperty("token_type").GetString());
        Assert.Equal(DpopBench.Thumbprint, FlowBench.Claims(json).GetProperty("cnf").GetProperty("jkt").GetString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I=")]
    [InlineData("0ZcOCORZNYy+DWpqq30jZyJGHTN0d2HglBV3uiguA4I")]
    public async Task A_thumbprint_that_is_none_is_refused(string thumbprint)
    {
        using var browser = _bench.Flow.Browser();
        var parameters = FlowBench.Parameters("web");
        parameters["dpop_jkt"] = thumbprint;

        var page = await browser.GetAsync(FlowBench.Address(parameters));

        // An empty parameter is none (RFC 6749 section 3.1).
        Assert.Equal(thumbprint.Length > 0 ? "invalid_request" : null, page.Parameter("error"));
    }

    [Fact]
    public async Task A_proof_at_the_pushed_request_binds_the_code()
    {
        var uri = await PushAsync(_bench.Proofs(path: Par).Make());
        var code = await CodeOfAsync(uri);

        using var without = await _bench.RedeemAsync("web", code);
        using var other = await _bench.RedeemAsync("web", code, _bench.Proofs(key: DpopBench.OtherKey).Make());
        using var good = await _bench.RedeemAsync("web", code, _bench.Proofs().Make());

        await TokenEndpointTests.AssertRefusedAsync(without, 400, "invalid_grant");
        await TokenEndpointTests.AssertRefusedAsync(other, 400, "invalid_grant");
        await DpopBench.SuccessAsync(good);
    }

    [Fact]
    public async Task A_pushed_thumbprint_binds_the_code_and_must_be_that_of_the_proof()
    {
        (string, string)[] mine = [("dpop_jkt", DpopBench.Thumbprint)];
        var alone = await CodeOfAsync(await PushAsync(null, mine));
        var both = await CodeOfAsync(await PushAsync(_bench.Proofs(path: Par).Make(), mine));

        using var mismatch = await SendAsync(_bench.Proofs(path: Par, key: DpopBench.OtherKey).Make(), mine);
        await TokenEndpointTests.AssertRefusedAsync(mismatch, 400, "invalid_request");
        foreach (var code in new[] { alone, both })
        {
            using var other = await _bench.RedeemAsync("web", code, _bench.Proofs(key: DpopBench.OtherKey).Make());
            using var good = await _bench.RedeemAsync("web", code, _bench.Proofs().Make());
            await TokenEndpointTests.AssertRefusedAsync(other, 400, "invalid_grant");
            await DpopBench.SuccessAsync(good);
        }
    }

    [Fact]
    public async Task A_bad_proof_at_the_pushed_request_is_refused()
    {
        using var elsewhere = await SendAsync(_bench.Proofs().Make());
        using var garbage = await SendAsync("garbage");
        var proof = _bench.Proofs(path: Par).Make();
        using var first = await SendAsync(proof);
        using var again = await SendAsync(proof);

        await TokenEndpointTests.AssertRefusedAsync(elsewhere, 400, "invalid_dpop_proof");
        await TokenEndpointTests.AssertRefusedAsync(garbage, 400, "invalid_dpop_proof");
        await DpopBench.SuccessAsync(first);
        await TokenEndpointTests.AssertRefusedAsync(again, 400, "invalid_dpop_proof");
    }

    [Fact]
    public async Task A_refresh_token_of_a_public_client_is_bound_to_its_key_for_ever()
    {
        using var redeemed = await _bench.RedeemAsync("spa", await _bench.CodeAsync("spa"), _bench.Proofs().Make());
        var refreshToken = Refresh(await DpopBench.SuccessAsync(redeemed));
        for (var round = 0; round < 2; round++)
        {
            using var without = await _bench.RefreshAsync("spa", refreshToken);
            using var other = await _bench.RefreshAsync("spa", refreshToken, _bench.Proofs(key: DpopBench.OtherKey).Make());
            using var good = await _bench.RefreshAsync("spa", refreshToken, _bench.Proofs().Make());

            await TokenEndpointTests.AssertRefusedAsync(without, 400, "invalid_grant");
            await TokenEndpointTests.AssertRefusedAsync(other, 400, "invalid_grant");
            var json = await DpopBench.SuccessAsync(good);
            Assert.Equal(DpopBench.Thumbprint, FlowBench.Claims(json).GetProperty("cnf").GetProperty("jkt").GetString());
            refreshToken = Refresh(json);
        }
    }

    [Fact]
    public async Task Who_steals_a_used_refresh_token_without_its_key_ends_nothing()
    {
        using var redeemed = await _bench.RedeemAsync("spa", await _bench.CodeAsync("spa"), _bench.Proofs().Make());
        var refreshToken = Refresh(await DpopBench.SuccessAsync(redeemed));
        using var used = await _bench.RefreshAsync("spa", refreshToken, _bench.Proofs().Make());
        var next = await DpopBench.SuccessAsync(used);

        using var thief = await _bench.RefreshAsync("spa", refreshToken, _bench.Proofs(key: DpopBench.OtherKey).Make());
        using var retry = await _bench.RefreshAsync("spa", refreshToken, _bench.Proofs().Make());
        using var later = await _bench.RefreshAsync("spa", Refresh(next), _bench.Proofs().Make());

        await TokenEndpointTests.AssertRefusedAsync(thief, 400, "invalid_grant");
        Assert.Equal(next.GetRawText(), (await DpopBench.SuccessAsync(retry)).GetRawText());
        await DpopBench.SuccessAsync(later);
    }

    [Fact]
    public async Task A_public_client_that_has_a_key_from_now_on_is_held_to_it()
    {
        using var redeemed = await _bench.RedeemAsync("spa", await _bench.CodeAsync("spa"));
        using var first = await _bench.RefreshAsync("spa", Refresh(await DpopBench.SuccessAsync(redeemed)), _bench.Proofs().Make());
        var refreshToken = Refresh(await DpopBench.SuccessAsync(first));

        using var without = await _bench.RefreshAsync("spa", refreshToken);
        using var good = await _bench.RefreshAsync("spa", refreshToken, _bench.Proofs().Make());

        await TokenEndpointTests.AssertRefusedAsync(without, 400, "invalid_grant");
        await DpopBench.SuccessAsync(good);
    }

    [Fact]
    public async Task A_refresh_token_of_a_confidential_client_is_bound_to_the_client()
    {
        using var redeemed = await _bench.RedeemAsync("web", await _bench.CodeAsync("web", ("dpop_jkt", DpopBench.Thumbprint)), _bench.Proofs().Make());
        using var other = await _bench.RefreshAsync("web", Refresh(await DpopBench.SuccessAsync(redeemed)), _bench.Proofs(key: DpopBench.OtherKey).Make());
        var json = await DpopBench.SuccessAsync(other);
        using var without = await _bench.RefreshAsync("web", Refresh(json));

        Assert.Equal(ProofMaker.ThumbprintOf(DpopBench.OtherKey), FlowBench.Claims(json).GetProperty("cnf").GetProperty("jkt").GetString());
        Assert.Equal("Bearer", (await DpopBench.SuccessAsync(without)).GetProperty("token_type").GetString());
    }

    [Fact]
    public async Task An_answer_that_was_lost_is_not_given_to_another_key()
    {
        using var redeemed = await _bench.RedeemAsync("web", await _bench.CodeAsync("web"), _bench.Proofs().Make());
        var refreshToken = Refresh(await DpopBench.SuccessAsync(redeemed));
        using var used = await _bench.RefreshAsync("web", refreshToken, _bench.Proofs().Make());
        using var retry = await _bench.RefreshAsync("web", refreshToken, _bench.Proofs().Make());
        using var other = await _bench.RefreshAsync("web", refreshToken, _bench.Proofs(key: DpopBench.OtherKey).Make());

        Assert.Equal((await DpopBench.SuccessAsync(used)).GetRawText(), (await DpopBench.SuccessAsync(retry)).GetRawText());
        await TokenEndpointTests.AssertRefusedAsync(other, 400, "invalid_grant");
    }

    private static string Refresh(JsonElement tokens) => tokens.GetProperty("refresh_token").GetString()!;

    private Task<HttpResponseMessage> SendAsync(string? proof, params (string, string)[] more) => DpopBench.PostAsync(
        _bench.One,
        DpopBench.Free,
        Par,
        TokenReplica.Basic("web", TestRealm.WebSecret),
        proof is null ? [] : [proof],
        [.. FlowBench.Parameters("web").Select(p => (p.Key, p.Value)), .. more]);

    private async Task<string> PushAsync(string? proof, params (string, string)[] more)
    {
        using var response = await SendAsync(proof, more);
        return (await DpopBench.SuccessAsync(response)).GetProperty("request_uri").GetString()!;
    }

    private async Task<string> CodeOfAsync(string uri)
    {
        using var browser = _bench.Flow.Browser();
        var page = await _bench.Flow.LogInAsync(browser, new() { ["client_id"] = "web", ["request_uri"] = uri });
        return page.Parameter("code") ?? throw new InvalidOperationException(page.Location);
    }
}
