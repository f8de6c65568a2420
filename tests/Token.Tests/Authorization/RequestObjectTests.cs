using System.Net;
using System.Text.Json.Nodes;
using Token.Tests.Hosting;
using Token.Tests.OAuth;
using static Token.Tests.Authorization.RequestObjectBench;

namespace Token.Tests.Authorization;

/// <summary>RFC 9101: what a client signs is what it asks for, directly and pushed.</summary>
public sealed class RequestObjectTests(FlowFixture fixture) : IClassFixture<FlowFixture>, IAsyncLifetime
{
    private RequestObjectBench _bench = null!;

    public async Task InitializeAsync() => _bench = await RequestObjectBench.StartAsync(fixture.Bench);

    public Task DisposeAsync()
    {
        _bench.Dispose();
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("PS256")]
    [InlineData("RS256")]
    public async Task What_a_client_signs_is_what_it_asks_for_and_what_stands_beside_it_is_ignored(string algorithm)
    {
        var key = new[] { Key, Strong, Rsa, OldRsa }.Single(key => key.Algorithm == algorithm);

        var page = await _bench.AuthorizeAsync(key.Sign([], _bench.Claims()), ("state", "from outside"), ("redirect_uri", "https://evil.example"), ("response_type", "token"));

        Assert.Equal((HttpStatusCode.Found, "login_required", "signed"), (page.Status, page.Parameter("error"), page.Parameter("state")));
        Assert.StartsWith(FlowBench.Callback + "?", page.Location);
    }

    [Fact]
    public async Task A_signed_request_goes_all_the_way_and_may_be_sent_again_until_then()
    {
        var claims = _bench.Claims();
        claims.Remove("prompt");
        claims["max_age"] = 600;
        claims["resource"] = new JsonArray(TestRealm.Api);
        var signed = Key.Sign([], claims);
        await _bench.AuthorizeAsync(signed);

        var login = await _bench.AuthorizeAsync(signed);
        var posted = await _bench.Browser.PostAsync($"{FlowBench.Authorize}/login", ("request", login.Hidden("request")), ("username", "carol"));
        var page = await _bench.Flow.ConsentAsync(_bench.Browser, await _bench.Browser.FollowAsync(posted));

        Assert.Equal("signed", page.Parameter("state"));
        using var redeemed = await _bench.Flow.One.PostAsync(
            "/realms/demo/oauth2/token",
            TokenReplica.Basic("signer", TestRealm.WebSecret),
            ("grant_type", "authorization_code"), ("code", page.Parameter("code")!), ("redirect_uri", FlowBench.Callback), ("code_verifier", FlowBench.Verifier));
        Assert.Equal(TestRealm.Api, FlowBench.Claims(await TokenReplica.JsonAsync(redeemed)).GetProperty("aud").GetString());
    }

    [Theory]
    [InlineData("typ", "oauth-authz-req+jwt")]
    [InlineData("typ", "application/OAuth-authz-req+JWT")]
    [InlineData("typ", "JWT")]
    [InlineData("x", "unknown members of the header are ignored")]
    [InlineData("jku", "https://evil.example/keys")]
    public async Task Headers_that_change_nothing(string name, string value) =>
        Assert.Equal("login_required", (await _bench.AuthorizeAsync(Key.Sign(new JsonObject { [name] = value }, _bench.Claims()))).Parameter("error"));

    [Theory]
    [InlineData("nbf", 10)]
    [InlineData("nbf", -3590)]
    [InlineData("iat", 10)]
    [InlineData("exp", 3600)]
    [InlineData("exp", 1)]
    public async Task Times_within_the_limits(string name, int seconds)
    {
        var claims = _bench.Claims();
        claims[name] = _bench.Now() + seconds;

        Assert.Equal("login_required", (await _bench.AuthorizeAsync(Key.Sign([], claims))).Parameter("error"));
    }

    [Fact]
    public async Task The_issuer_may_be_one_of_several_audiences()
    {
        var claims = _bench.Claims();
        claims["aud"] = new JsonArray("https://elsewhere.example", FlowBench.Issuer);

        Assert.Equal("login_required", (await _bench.AuthorizeAsync(Key.Sign([], claims))).Parameter("error"));
    }

    [Fact]
    public async Task A_pushed_object_is_named_by_its_uri_and_must_be_of_the_client_that_pushes()
    {
        using var pushed = await _bench.PushAsync("signer", Key.Sign([], _bench.Claims()), ("state", "from outside"));
        using var foreign = await _bench.PushAsync("other-signer", Key.Sign([], _bench.Claims()));
        var uri = (await TokenReplica.JsonAsync(pushed)).GetProperty("request_uri").GetString()!;

        var page = await _bench.Browser.GetAsync($"{FlowBench.Authorize}?client_id=signer&request_uri={Uri.EscapeDataString(uri)}");
        var both = await _bench.Browser.GetAsync($"{FlowBench.Authorize}?client_id=signer&request_uri={Uri.EscapeDataString(uri)}&request={Key.Sign([], _bench.Claims())}");

        Assert.Equal("signed", page.Parameter("state"));
        Assert.Equal((HttpStatusCode.BadRequest, null), (both.Status, both.Location));
        await TokenEndpointTests.AssertRefusedAsync(foreign, 400, "invalid_request_object");
    }

    [Fact]
    public async Task A_client_that_must_sign_is_refused_without_a_signature_everywhere()
    {
        var plain = FlowBench.Parameters("always-signs");
        plain["prompt"] = "none";
        var signed = Key.Sign([], With(With(Claims(_bench.Now()), "client_id", "always-signs"), "iss", "always-signs"));

        var page = await _bench.Browser.GetAsync(FlowBench.Address(plain));
        using var pushed = await _bench.Flow.One.PostAsync(
            Par, TokenReplica.Basic("always-signs", TestRealm.WebSecret), [.. plain.Select(p => (p.Key, p.Value))]);

        Assert.Equal("invalid_request_object", page.Parameter("error"));
        await TokenEndpointTests.AssertRefusedAsync(pushed, 400, "invalid_request_object");
        Assert.Equal("login_required", (await _bench.Browser.GetAsync($"{FlowBench.Authorize}?client_id=always-signs&request={signed}")).Parameter("error"));
    }

    [Fact]
    public async Task A_signature_does_not_stand_in_for_pushing()
    {
        var signed = Key.Sign([], With(With(Claims(_bench.Now()), "client_id", "always-pushes"), "iss", "always-pushes"));

        var page = await _bench.Browser.GetAsync($"{FlowBench.Authorize}?client_id=always-pushes&request={signed}");

        Assert.Equal("invalid_request", page.Parameter("error"));
    }

    [Fact]
    public async Task A_pushed_request_that_is_posted_to_the_authorization_endpoint_is_still_spent_once()
    {
        using var pushed = await _bench.PushAsync("signer", Key.Sign([], With(Claims(_bench.Now()), "prompt", null)));
        var uri = (await TokenReplica.JsonAsync(pushed)).GetProperty("request_uri").GetString()!;

        var kept = await _bench.Browser.PostAsync(FlowBench.Authorize, ("client_id", "signer"), ("request_uri", uri));

        Assert.Equal((HttpStatusCode.SeeOther, uri), (kept.Status, kept.Parameter("request_uri")));
    }
}
