using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Pltfrms.Iam.Common.Realms.Model;
using Testing;
using Token.Tests.ClientAuthentication;
using Token.Tests.Hosting;
using Token.Tests.OAuth;

namespace Token.Tests.Authorization;

/// <summary>RFC 9101, with the negative list of the FAPI 2.0 message signing conformance modules.</summary>
public sealed class RequestObjectTests(FlowFixture fixture) : IClassFixture<FlowFixture>, IAsyncLifetime, IDisposable
{
    private const string Par = "/realms/demo/oauth2/par";

    private static readonly ClientKey Key = ClientKey.Of("ES256", "first");
    private static readonly ClientKey Strong = ClientKey.Of("ES384", "second");
    private static readonly ClientKey Rsa = ClientKey.Of("PS256", "third");
    private static readonly ClientKey OldRsa = ClientKey.Of("RS256", "fourth");
    private static readonly ClientKey Foreign = ClientKey.Of("ES256", "first");

    private readonly TestBrowser _browser = fixture.Bench.Browser();

    private FlowBench Bench => fixture.Bench;

    public async Task InitializeAsync()
    {
        var signer = TestRealm.Client("demo", "signer", ["invoices.read"], TestRealm.WebSecret) with
        {
            ClientType = ClientType.Web,
            GrantTypes = ["authorization_code"],
            RedirectUris = [FlowBench.Callback],
            Jwks = ClientKey.SetOf(Key, Strong, Rsa, OldRsa),
        };
        var revision = Bench.Realms.Change(
            "demo",
            signer,
            signer with { ClientId = "always-signs", RequireSignedRequestObject = true },
            signer with { ClientId = "always-pushes", RequirePushedAuthorizationRequests = true },
            signer with { ClientId = "other-signer", Jwks = ClientKey.SetOf(Foreign) });
        await Bench.One.ReachAsync("demo", revision);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _browser.Dispose();

    [Theory]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("PS256")]
    [InlineData("RS256")]
    public async Task What_a_client_signs_is_what_it_asks_for_and_what_stands_beside_it_is_ignored(string algorithm)
    {
        var key = new[] { Key, Strong, Rsa, OldRsa }.Single(key => key.Algorithm == algorithm);

        var page = await AuthorizeAsync(key.Sign([], Claims()), ("state", "from outside"), ("redirect_uri", "https://evil.example"), ("response_type", "token"));

        Assert.Equal((HttpStatusCode.Found, "login_required", "signed"), (page.Status, page.Parameter("error"), page.Parameter("state")));
        Assert.StartsWith(FlowBench.Callback + "?", page.Location);
    }

    [Fact]
    public async Task A_signed_request_goes_all_the_way_and_may_be_sent_again_until_then()
    {
        var claims = Claims();
        claims.Remove("prompt");
        claims["max_age"] = 600;
        claims["resource"] = new JsonArray(TestRealm.Api);
        var signed = Key.Sign([], claims);
        await AuthorizeAsync(signed);

        var login = await AuthorizeAsync(signed);
        var posted = await _browser.PostAsync($"{FlowBench.Authorize}/login", ("request", login.Hidden("request")), ("username", "carol"));
        var page = await Bench.ConsentAsync(_browser, await _browser.FollowAsync(posted));

        Assert.Equal("signed", page.Parameter("state"));
        using var redeemed = await Bench.One.PostAsync(
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
        Assert.Equal("login_required", (await AuthorizeAsync(Key.Sign(new JsonObject { [name] = value }, Claims()))).Parameter("error"));

    [Theory]
    [InlineData("nbf", 10)]
    [InlineData("nbf", -3590)]
    [InlineData("iat", 10)]
    [InlineData("exp", 3600)]
    [InlineData("exp", 1)]
    public async Task Times_within_the_limits(string name, int seconds)
    {
        var claims = Claims();
        claims[name] = Now() + seconds;

        Assert.Equal("login_required", (await AuthorizeAsync(Key.Sign([], claims))).Parameter("error"));
    }

    [Fact]
    public async Task The_issuer_may_be_one_of_several_audiences()
    {
        var claims = Claims();
        claims["aud"] = new JsonArray("https://elsewhere.example", FlowBench.Issuer);

        Assert.Equal("login_required", (await AuthorizeAsync(Key.Sign([], claims))).Parameter("error"));
    }

    private static readonly Dictionary<string, Func<long, string>> Bad = new()
    {
        ["no signature at all"] = now => Unsigned("""{"alg":"none"}""", Claims(now)),
        ["alg none in other letters"] = now => Unsigned("""{"alg":"nOnE"}""", Claims(now)),
        ["no alg"] = now => Key.Sign("{}", Claims(now).ToJsonString()),
        ["HS256 with the client's secret"] = now => Hmac(TestRealm.WebSecret, Claims(now)),
        ["HS256 with the public key"] = now => Hmac(Key.Jwk["x"]!.GetValue<string>(), Claims(now)),
        ["another key with the same kid"] = now => Foreign.Sign([], Claims(now)),
        ["a kid that the client has not"] = now => Key.Sign(new JsonObject { ["kid"] = "fifth" }, Claims(now)),
        ["the kid of another key"] = now => Key.Sign(new JsonObject { ["kid"] = "second" }, Claims(now)),
        ["RS256 with a key for PS256"] = now => Rsa.Sign(new JsonObject { ["alg"] = "RS256" }, Claims(now)),
        ["PS256 with a key for RS256"] = now => OldRsa.Sign(new JsonObject { ["alg"] = "PS256" }, Claims(now)),
        ["ES384 in the name of ES256"] = now => Strong.Sign(new JsonObject { ["alg"] = "ES256" }, Claims(now)),
        ["a key that comes along"] = now => Foreign.Sign(new JsonObject { ["jwk"] = Foreign.Jwk.DeepClone(), ["kid"] = null }, Claims(now)),
        ["a critical extension"] = now => Key.Sign(new JsonObject { ["crit"] = new JsonArray("b64"), ["b64"] = false }, Claims(now)),
        ["an access token's type"] = now => Key.Sign(new JsonObject { ["typ"] = "at+jwt" }, Claims(now)),
        ["an assertion's type"] = now => Key.Sign(new JsonObject { ["typ"] = "client-authentication+jwt" }, Claims(now)),
        ["a type that is no text"] = now => Key.Sign(new JsonObject { ["typ"] = 1 }, Claims(now)),
        ["a changed payload"] = now => Key.Sign([], Claims(now)).Split('.') is var parts ? $"{parts[0]}.{ClientKey.Encode(Encoding.UTF8.GetBytes(With(Claims(now), "scope", "iam.realms.write").ToJsonString()))}.{parts[2]}" : "",
        ["no issuer"] = now => Key.Sign([], With(Claims(now), "iss", null)),
        ["another issuer"] = now => Key.Sign([], With(Claims(now), "iss", "other-signer")),
        ["no client_id"] = now => Key.Sign([], With(Claims(now), "client_id", null)),
        ["another client_id"] = now => Key.Sign([], With(Claims(now), "client_id", "other-signer")),
        ["a client as sub, as in an assertion"] = now => Key.Sign([], With(Claims(now), "sub", "signer")),
        ["no audience"] = now => Key.Sign([], With(Claims(now), "aud", null)),
        ["the token endpoint as audience"] = now => Key.Sign([], With(Claims(now), "aud", FlowBench.Issuer + "/oauth2/token")),
        ["another realm as audience"] = now => Key.Sign([], With(Claims(now), "aud", FlowBench.PublicAddress + "/realms/other")),
        ["an audience that is an object"] = now => Key.Sign([], With(Claims(now), "aud", new JsonObject { ["iss"] = FlowBench.Issuer })),
        ["no exp"] = now => Key.Sign([], With(Claims(now), "exp", null)),
        ["an exp that is a text"] = now => Key.Sign([], With(Claims(now), "exp", $"{now + 60}")),
        ["an exp beyond time"] = now => Key.Sign([], With(Claims(now), "exp", 1e300)),
        ["expired"] = now => Key.Sign([], With(Claims(now), "exp", now)),
        ["exp too far ahead"] = now => Key.Sign([], With(Claims(now), "exp", now + 3661)),
        ["nbf too far ahead"] = now => Key.Sign([], With(Claims(now), "nbf", now + 61)),
        ["nbf too long ago"] = now => Key.Sign([], With(Claims(now), "nbf", now - 3601)),
        ["nbf that is no time"] = now => Key.Sign([], With(Claims(now), "nbf", "soon")),
        ["iat too far ahead"] = now => Key.Sign([], With(Claims(now), "iat", now + 61)),
        ["a request within"] = now => Key.Sign([], With(Claims(now), "request", "e30.e30.e30")),
        ["a request_uri within"] = now => Key.Sign([], With(Claims(now), "request_uri", "https://evil.example/request")),
        ["a scope that is a list"] = now => Key.Sign([], With(Claims(now), "scope", new JsonArray("invoices.read"))),
        ["a resource within a resource"] = now => Key.Sign([], With(Claims(now), "resource", new JsonArray(new JsonArray(TestRealm.Api)))),
        ["deep JSON"] = now => Key.Sign("""{"alg":"ES256"}""", With(Claims(now), "x", 1).ToJsonString().Replace("\"x\":1", $"\"x\":{new string('[', 2000)}{new string(']', 2000)}")),
        ["a claim twice"] = now => Key.Sign("""{"alg":"ES256"}""", Claims(now).ToJsonString().Replace("\"state\"", "\"state\":\"x\",\"state\"")),
        ["half a character"] = now => Key.Sign("""{"alg":"ES256"}""", Claims(now).ToJsonString().Replace("signed\"", "\\ud800\"")),
        ["half a character as a name"] = now => Key.Sign("""{"alg":"ES256"}""", Claims(now).ToJsonString().Replace("\"state\"", "\"\\ud800\"")),
        ["claims that are no object"] = _ => Key.Sign("""{"alg":"ES256"}""", "[]"),
        ["claims that are not UTF-8"] = _ => Key.Sign("""{"alg":"ES256"}""", "{}")[..^3],
        ["an encrypted one"] = _ => "a.b.c.d.e",
        ["two parts"] = _ => "e30.e30",
        ["no base64"] = _ => "%.%.%",
        ["padding"] = now => Key.Sign([], Claims(now)) + "=",
    };

    public static TheoryData<string> BadOnes => [.. Bad.Keys];

    [Theory]
    [MemberData(nameof(BadOnes))]
    public async Task A_bad_request_object_is_refused_on_a_page_and_when_it_is_pushed(string name)
    {
        var requestObject = Bad[name](Now());

        var page = await AuthorizeAsync(requestObject, [.. FlowBench.Parameters("signer").Where(p => p.Key != "client_id").Select(p => (p.Key, p.Value))]);
        using var pushed = await PushAsync("signer", requestObject);

        Assert.Equal((HttpStatusCode.BadRequest, null), (page.Status, page.Location));
        Assert.Contains("<code>invalid_request_object</code>", page.Body);
        await TokenEndpointTests.AssertRefusedAsync(pushed, 400, "invalid_request_object");
    }

    [Theory]
    [InlineData("state", "with\0nul")]
    [InlineData("code_challenge_method", "plain")]
    [InlineData("redirect_uri", "https://evil.example")]
    public async Task What_is_signed_is_checked_like_what_is_not(string name, string value)
    {
        var requestObject = Key.Sign([], With(Claims(Now()), name, value));

        var page = await AuthorizeAsync(requestObject);
        using var pushed = await PushAsync("signer", requestObject);

        Assert.Equal(name == "code_challenge_method" ? "invalid_request" : null, page.Parameter("error"));
        Assert.DoesNotContain("evil", page.Location ?? "");
        await TokenEndpointTests.AssertRefusedAsync(pushed, 400, "invalid_request");
    }

    [Fact]
    public async Task A_pushed_object_is_named_by_its_uri_and_must_be_of_the_client_that_pushes()
    {
        using var pushed = await PushAsync("signer", Key.Sign([], Claims()), ("state", "from outside"));
        using var foreign = await PushAsync("other-signer", Key.Sign([], Claims()));
        var uri = (await TokenReplica.JsonAsync(pushed)).GetProperty("request_uri").GetString()!;

        var page = await _browser.GetAsync($"{FlowBench.Authorize}?client_id=signer&request_uri={Uri.EscapeDataString(uri)}");
        var both = await _browser.GetAsync($"{FlowBench.Authorize}?client_id=signer&request_uri={Uri.EscapeDataString(uri)}&request={Key.Sign([], Claims())}");

        Assert.Equal("signed", page.Parameter("state"));
        Assert.Equal((HttpStatusCode.BadRequest, null), (both.Status, both.Location));
        await TokenEndpointTests.AssertRefusedAsync(foreign, 400, "invalid_request_object");
    }

    [Fact]
    public async Task A_client_that_must_sign_is_refused_without_a_signature_everywhere()
    {
        var plain = FlowBench.Parameters("always-signs");
        plain["prompt"] = "none";
        var signed = Key.Sign([], With(With(Claims(Now()), "client_id", "always-signs"), "iss", "always-signs"));

        var page = await _browser.GetAsync(FlowBench.Address(plain));
        using var pushed = await Bench.One.PostAsync(
            Par, TokenReplica.Basic("always-signs", TestRealm.WebSecret), [.. plain.Select(p => (p.Key, p.Value))]);

        Assert.Equal("invalid_request_object", page.Parameter("error"));
        await TokenEndpointTests.AssertRefusedAsync(pushed, 400, "invalid_request_object");
        Assert.Equal("login_required", (await _browser.GetAsync($"{FlowBench.Authorize}?client_id=always-signs&request={signed}")).Parameter("error"));
    }

    [Fact]
    public async Task A_signature_does_not_stand_in_for_pushing()
    {
        var signed = Key.Sign([], With(With(Claims(Now()), "client_id", "always-pushes"), "iss", "always-pushes"));

        var page = await _browser.GetAsync($"{FlowBench.Authorize}?client_id=always-pushes&request={signed}");

        Assert.Equal("invalid_request", page.Parameter("error"));
    }

    [Fact]
    public async Task A_client_without_keys_or_of_nobody_is_refused()
    {
        var signed = Key.Sign([], With(With(Claims(Now()), "client_id", "demo-web"), "iss", "demo-web"));

        foreach (var clientId in new[] { "demo-web", "nobody", "gone" })
        {
            var page = await _browser.GetAsync($"{FlowBench.Authorize}?client_id={clientId}&request={signed}");

            Assert.Equal((HttpStatusCode.BadRequest, null), (page.Status, page.Location));
        }
    }

    [Fact]
    public async Task A_pushed_request_that_is_posted_to_the_authorization_endpoint_is_still_spent_once()
    {
        using var pushed = await PushAsync("signer", Key.Sign([], With(Claims(Now()), "prompt", null)));
        var uri = (await TokenReplica.JsonAsync(pushed)).GetProperty("request_uri").GetString()!;

        var kept = await _browser.PostAsync(FlowBench.Authorize, ("client_id", "signer"), ("request_uri", uri));

        Assert.Equal((HttpStatusCode.SeeOther, uri), (kept.Status, kept.Parameter("request_uri")));
    }

    private long Now() => Bench.Clock.GetUtcNow().ToUnixTimeSeconds();

    private JsonObject Claims() => Claims(Now());

    private static JsonObject Claims(long now) => new()
    {
        ["iss"] = "signer",
        ["aud"] = FlowBench.Issuer,
        ["exp"] = now + 300,
        ["nbf"] = now,
        ["iat"] = now,
        ["jti"] = "one",
        ["client_id"] = "signer",
        ["response_type"] = "code",
        ["redirect_uri"] = FlowBench.Callback,
        ["scope"] = "invoices.read",
        ["state"] = "signed",
        ["code_challenge"] = FlowBench.Challenge,
        ["code_challenge_method"] = "S256",
        ["prompt"] = "none",
        ["claims"] = new JsonObject { ["userinfo"] = new JsonObject() },
    };

    private static JsonObject With(JsonObject claims, string name, JsonNode? value)
    {
        claims.Remove(name);
        if (value is not null)
        {
            claims[name] = value;
        }

        return claims;
    }

    private static string Unsigned(string header, JsonObject claims) =>
        $"{ClientKey.Encode(Encoding.UTF8.GetBytes(header))}.{ClientKey.Encode(Encoding.UTF8.GetBytes(claims.ToJsonString()))}.";

    private static string Hmac(string secret, JsonObject claims)
    {
        var signed = Unsigned("""{"alg":"HS256"}""", claims)[..^1];
        return $"{signed}.{ClientKey.Encode(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.ASCII.GetBytes(signed)))}";
    }

    private Task<TestBrowser.Page> AuthorizeAsync(string requestObject, params (string Name, string Value)[] beside) => _browser.GetAsync(FlowBench.Address(
        beside.Append(("client_id", "signer")).Append(("request", requestObject)).ToDictionary(p => p.Item1, p => p.Item2)));

    private Task<HttpResponseMessage> PushAsync(string clientId, string requestObject, params (string Name, string Value)[] beside) =>
        Bench.One.PostAsync(Par, TokenReplica.Basic(clientId, TestRealm.WebSecret), [("request", requestObject), .. beside]);
}
