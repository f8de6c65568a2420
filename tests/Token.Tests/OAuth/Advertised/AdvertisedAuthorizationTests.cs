using System.Text.Json.Nodes;
using Pltfrms.Iam.Common.Realms.Model;
using Testing;
using Token.Tests.Authorization;

namespace Token.Tests.OAuth.Advertised;

/// <summary>Each kind of authorization request, and no other.</summary>
public sealed class AdvertisedAuthorizationTests(FlowFixture fixture) : AdvertisedTests(fixture)
{
    [Theory]
    [MemberData(nameof(Realms))]
    public async Task Every_response_type_and_mode_is_answered_and_no_other(string realmId)
    {
        var server = Server(realmId);
        foreach (var type in new[] { "code", "token", "id_token", "code token", "code id_token", "none" })
        {
            var answer = await server.LogInAsync(await server.AuthorizeAsync(("response_type", type)));
            Assert.Equal(server.List("response_types_supported").Contains(type) ? null : "unsupported_response_type", answer.Error);
            Assert.Equal(server.List("response_types_supported").Contains(type), answer.Parameter("code") is not null);
            Assert.Equal(server.Issuer, answer.Parameter("iss"));
        }

        Assert.True(server.Metadata.GetProperty("authorization_response_iss_parameter_supported").GetBoolean());
        foreach (var mode in server.List("response_modes_supported"))
        {
            var answer = await server.LogInAsync(await server.AuthorizeAsync(("response_mode", mode)));
            Assert.True(mode == "form_post" ? answer.Body.Contains("name=\"code\"", StringComparison.Ordinal) : answer.Parameter("code") is not null, mode);
        }

        foreach (var mode in new[] { "fragment", "web_message", "jwt", "query.jwt", "form_post.jwt", "Query" })
        {
            Assert.Equal("invalid_request", (await server.AuthorizeAsync(("response_mode", mode))).Error);
        }
    }

    [Theory]
    [MemberData(nameof(Realms))]
    public async Task Every_code_challenge_method_and_prompt_works_and_no_other(string realmId)
    {
        var server = Server(realmId);
        Assert.Equal(["S256"], server.List("code_challenge_methods_supported"));
        Assert.Equal(200, (await server.RedeemAsync(await server.CodeAsync())).Status);
        Assert.Equal("invalid_grant", (await server.RedeemAsync(await server.CodeAsync(), FlowBench.Challenge)).Error);
        foreach (var method in new[] { "plain", "S512", "none", null })
        {
            Assert.Equal("invalid_request", (await server.AuthorizeAsync(("code_challenge_method", method))).Error);
        }

        await server.CodeAsync();
        foreach (var prompt in server.List("prompt_values_supported"))
        {
            var answer = await server.AuthorizeAsync(("prompt", prompt));
            var expected = prompt switch { "none" => FlowBench.Callback + "?code=", "consent" => TestConsent.Page, _ => "https://login.example/start?" };
            Assert.StartsWith(expected, answer.Location);
        }

        foreach (var prompt in new[] { "create", "None", "admin_consent" })
        {
            Assert.Equal("invalid_request", (await server.AuthorizeAsync(("prompt", prompt))).Error);
        }
    }

    [Theory]
    [MemberData(nameof(Realms))]
    public async Task Every_algorithm_of_request_objects_is_verified_and_no_other_request_is_fetched(string realmId)
    {
        var server = Server(realmId);
        Assert.Equal((true, false), (server.Metadata.GetProperty("request_parameter_supported").GetBoolean(), server.Metadata.GetProperty("request_uri_parameter_supported").GetBoolean()));
        Assert.Equal(AdvertisedRealm.Keys.Keys.Order(StringComparer.Ordinal), server.List("request_object_signing_alg_values_supported").Order(StringComparer.Ordinal));
        foreach (var (_, key) in AdvertisedRealm.Keys)
        {
            Assert.Equal("login_required", (await server.AuthorizeAsync(("request", key.Sign([], RequestClaims(server))))).Error);
        }

        foreach (var algorithm in new[] { "none", "HS256", "ES512", "EdDSA", "PS384", "RS512" })
        {
            var answer = await server.AuthorizeAsync(("request", AdvertisedRealm.Keys["ES256"].Sign(new JsonObject { ["alg"] = algorithm }, RequestClaims(server))));
            Assert.Equal((400, null), (answer.Status, answer.Location));
        }

        foreach (var uri in new[] { "https://client.example/request.jwt", $"{server.Issuer}/oauth2/jwks", "urn:ietf:params:oauth:request_uri:unheard-of" })
        {
            var answer = await server.AuthorizeAsync(("request_uri", uri));
            Assert.Equal((400, null), (answer.Status, answer.Location));
        }
    }

    [Theory]
    [InlineData("demo", FlowBench.Issuer, null)]
    [InlineData("own", OwnIssuer, "login.own.example")]
    public async Task What_is_required_is_said_and_holds(string realmId, string issuer, string? hostName)
    {
        var server = Server(realmId);
        Assert.False(server.Metadata.GetProperty("require_pushed_authorization_requests").GetBoolean());
        Assert.False(server.Metadata.GetProperty("require_signed_request_object").GetBoolean());
        var realm = AdvertisedRealm.Changes(realmId, hostName).OfType<Realm>().Single();
        var strict = realm with { SessionSettings = new() { RequirePushedAuthorizationRequests = true, RequireSignedRequestObject = true } };
        await Bench.One.ReachAsync(realmId, Bench.Realms.Change(realmId, strict));
        try
        {
            using var changed = await AdvertisedServer.FindAsync(Bench, realmId, issuer);
            Assert.True(changed.Metadata.GetProperty("require_pushed_authorization_requests").GetBoolean());
            Assert.True(changed.Metadata.GetProperty("require_signed_request_object").GetBoolean());
            Assert.Equal("invalid_request", (await changed.AuthorizeAsync()).Error);
            Assert.Equal("invalid_request_object", (await AuthenticatedRequest.SendAsync(changed, "pushed_authorization_request_endpoint", "client_secret_post")).Error);
        }
        finally
        {
            await Bench.One.ReachAsync(realmId, Bench.Realms.Change(realmId, realm));
        }
    }

    private static JsonObject RequestClaims(AdvertisedServer server)
    {
        var claims = new JsonObject { ["iss"] = AdvertisedRealm.Client, ["aud"] = server.Issuer, ["exp"] = new FakeClock().GetUtcNow().ToUnixTimeSeconds() + 600, ["prompt"] = "none" };
        foreach (var (name, value) in FlowBench.Parameters())
        {
            claims[name] = value;
        }

        return claims;
    }
}
