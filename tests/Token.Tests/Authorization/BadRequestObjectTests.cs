using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Token.Tests.ClientAuthentication;
using Token.Tests.Hosting;
using Token.Tests.OAuth;
using static Token.Tests.Authorization.RequestObjectBench;

namespace Token.Tests.Authorization;

/// <summary>RFC 9101: the negative list of the FAPI 2.0 message signing conformance modules, and more.</summary>
public sealed class BadRequestObjectTests(FlowFixture fixture) : IClassFixture<FlowFixture>, IAsyncLifetime
{
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

    private RequestObjectBench _bench = null!;

    public async Task InitializeAsync() => _bench = await RequestObjectBench.StartAsync(fixture.Bench);

    public Task DisposeAsync()
    {
        _bench.Dispose();
        return Task.CompletedTask;
    }

    public static TheoryData<string> BadOnes => [.. Bad.Keys];

    [Theory]
    [MemberData(nameof(BadOnes))]
    public async Task A_bad_request_object_is_refused_on_a_page_and_when_it_is_pushed(string name)
    {
        var requestObject = Bad[name](_bench.Now());

        var page = await _bench.AuthorizeAsync(requestObject, [.. FlowBench.Parameters("signer").Where(p => p.Key != "client_id").Select(p => (p.Key, p.Value))]);
        using var pushed = await _bench.PushAsync("signer", requestObject);

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
        var requestObject = Key.Sign([], With(Claims(_bench.Now()), name, value));

        var page = await _bench.AuthorizeAsync(requestObject);
        using var pushed = await _bench.PushAsync("signer", requestObject);

        Assert.Equal(name == "code_challenge_method" ? "invalid_request" : null, page.Parameter("error"));
        Assert.DoesNotContain("evil", page.Location ?? "");
        await TokenEndpointTests.AssertRefusedAsync(pushed, 400, "invalid_request");
    }

    [Fact]
    public async Task A_client_without_keys_or_of_nobody_is_refused()
    {
        var signed = Key.Sign([], With(With(Claims(_bench.Now()), "client_id", "demo-web"), "iss", "demo-web"));

        foreach (var clientId in new[] { "demo-web", "nobody", "gone" })
        {
            var page = await _bench.Browser.GetAsync($"{FlowBench.Authorize}?client_id={clientId}&request={signed}");

            Assert.Equal((HttpStatusCode.BadRequest, null), (page.Status, page.Location));
        }
    }

    private static string Unsigned(string header, JsonObject claims) =>
        $"{ClientKey.Encode(Encoding.UTF8.GetBytes(header))}.{ClientKey.Encode(Encoding.UTF8.GetBytes(claims.ToJsonString()))}.";

    private static string Hmac(string secret, JsonObject claims)
    {
        var signed = Unsigned("""{"alg":"HS256"}""", claims)[..^1];
        return $"{signed}.{ClientKey.Encode(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.ASCII.GetBytes(signed)))}";
    }
}
