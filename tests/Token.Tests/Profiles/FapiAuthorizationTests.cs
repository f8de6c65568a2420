using System.Net;
using System.Text.Json;
using Pltfrms.Iam.Token.Authorization;
using Testing;
using Token.Tests.Authorization;
using Token.Tests.Hosting;
using Token.Tests.OAuth;
using static Token.Tests.Profiles.FapiBench;

namespace Token.Tests.Profiles;

/// <summary>The modules of the FAPI 2.0 conformance suite about metadata, pushed requests and authorization; docs/conformance.md lists them by name.</summary>
public sealed class FapiAuthorizationTests(FapiBench bench) : IClassFixture<FapiBench>
{
    [Fact]
    public async Task Metadata_of_the_realm_name_what_the_profile_allows_and_nothing_else()
    {
        var metadata = await MetadataAsync("demo");
        var usual = await MetadataAsync("other");

        Assert.Equal(FlowBench.Issuer, metadata.GetProperty("issuer").GetString());
        Assert.True(metadata.GetProperty("require_pushed_authorization_requests").GetBoolean());
        Assert.True(metadata.GetProperty("authorization_response_iss_parameter_supported").GetBoolean());
        Assert.True(metadata.GetProperty("tls_client_certificate_bound_access_tokens").GetBoolean());
        Assert.Equal(["S256"], List(metadata, "code_challenge_methods_supported"));
        Assert.Equal(["private_key_jwt", "tls_client_auth", "self_signed_tls_client_auth"], List(metadata, "token_endpoint_auth_methods_supported"));
        Assert.Equal(["private_key_jwt", "tls_client_auth", "self_signed_tls_client_auth"], List(metadata, "revocation_endpoint_auth_methods_supported"));
        foreach (var list in new[] { "token_endpoint_auth", "introspection_endpoint_auth", "revocation_endpoint_auth", "request_object", "access_token" })
        {
            Assert.Equal(["ES256", "PS256"], List(metadata, $"{list}_signing_alg_values_supported"));
        }

        Assert.Equal(["ES256", "PS256"], List(metadata, "dpop_signing_alg_values_supported"));
        Assert.False(usual.GetProperty("require_pushed_authorization_requests").GetBoolean());
        Assert.Contains("none", List(usual, "token_endpoint_auth_methods_supported"));
    }

    [Fact]
    public async Task A_request_that_was_not_pushed_is_refused()
    {
        using var browser = new TestBrowser(bench.Service.Http.BaseAddress!, FlowBench.PublicAddress);
        var page = await browser.GetAsync(FlowBench.Address(FlowBench.Parameters("signer")));

        Assert.StartsWith(FlowBench.Callback + "?", page.Location);
        Assert.Equal(("invalid_request", FlowBench.Issuer, null), (page.Parameter("error"), page.Parameter("iss"), page.Parameter("code")));
    }

    [Fact]
    public async Task Nothing_stands_beside_a_pushed_request()
    {
        var uri = await bench.PushedAsync();
        foreach (var (name, value) in new[] { ("state", "mine"), ("scope", "invoices.create"), ("redirect_uri", FlowBench.Callback), ("prompt", "none"), ("response_type", "code"), ("x", "y") })
        {
            using var browser = new TestBrowser(bench.Service.Http.BaseAddress!, FlowBench.PublicAddress);
            var page = await browser.GetAsync($"{Address(uri)}&{name}={Uri.EscapeDataString(value)}");
            Assert.True((page.Status, page.Location) == (HttpStatusCode.BadRequest, null), $"{name}: {page.Status} {page.Location}");
        }

        Assert.NotNull((await bench.AuthorizeAsync(uri)).Parameter("code"));
    }

    [Fact]
    public async Task A_request_succeeds_without_a_state_with_a_long_one_with_any_nonce_and_with_scopes_in_any_order()
    {
        var without = await bench.AuthorizeAsync(await bench.PushedAsync(("state", null)));
        Assert.NotNull(without.Parameter("code"));
        Assert.Null(without.Parameter("state"));

        var state = new string('s', 2_000);
        Assert.Equal(state, (await bench.AuthorizeAsync(await bench.PushedAsync(("state", state)))).Parameter("state"));
        Assert.NotNull(await bench.CodeAsync(("nonce", new string('n', 64))));
        Assert.NotNull(await bench.CodeAsync(("nonce", new string('n', 384))));
        Assert.NotNull(await bench.CodeAsync(("scope", "invoices.create invoices.read")));
        Assert.NotNull(await bench.CodeAsync(("scope", "invoices.read invoices.create")));
        using var tooLong = await bench.PushAsync(("state", new string('s', 3_000)));
        await TokenEndpointTests.AssertRefusedAsync(tooLong, 400, "invalid_request");
    }

    [Fact]
    public async Task The_answer_names_its_issuer()
    {
        var page = await bench.AuthorizeAsync(await bench.PushedAsync());

        Assert.Equal((FlowBench.Issuer, FlowBench.Parameters()["state"]), (page.Parameter("iss"), page.Parameter("state")));
    }

    [Theory]
    [InlineData("no redirect URI", "redirect_uri", null, "invalid_request")]
    [InlineData("one that is not registered", "redirect_uri", "https://evil.example/cb", "invalid_request")]
    [InlineData("a registered one with more", "redirect_uri", "https://app.example/cb?x=1", "invalid_request")]
    [InlineData("code id_token", "response_type", "code id_token", "unsupported_response_type")]
    [InlineData("token", "response_type", "token", "unsupported_response_type")]
    [InlineData("no PKCE", "code_challenge", null, "invalid_request")]
    [InlineData("plain PKCE", "code_challenge_method", "plain", "invalid_request")]
    [InlineData("PKCE without a method", "code_challenge_method", null, "invalid_request")]
    [InlineData("a request URI", "request_uri", "urn:ietf:params:oauth:request_uri:x", "invalid_request")]
    [InlineData("another client", "client_id", "twin", "invalid_request")]
    public async Task A_bad_request_is_refused_when_it_is_pushed(string what, string name, string? value, string error)
    {
        using var response = await bench.PushAsync((name, value));
        var body = await response.Content.ReadAsStringAsync();

        Assert.True(response.StatusCode == HttpStatusCode.BadRequest && body.Contains($"\"{error}\"", StringComparison.Ordinal), $"{what}: {response.StatusCode} {body}");
    }

    [Fact]
    public async Task A_parameter_is_there_once_and_a_request_is_posted()
    {
        using var twice = await bench.PostAsync(
            ParPath, bench.Assertion(), null, [.. FlowBench.Parameters("signer").Select(pair => (pair.Key, pair.Value)), ("scope", "invoices.create")]);
        using var get = await bench.Service.Http.GetAsync(new Uri(ParPath, UriKind.Relative));

        await TokenEndpointTests.AssertRefusedAsync(twice, 400, "invalid_request");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, get.StatusCode);
    }

    [Fact]
    public async Task A_request_uri_is_its_clients_until_it_is_answered_or_too_old()
    {
        var uri = await bench.PushedAsync();
        using (var browser = new TestBrowser(bench.Service.Http.BaseAddress!, FlowBench.PublicAddress))
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await browser.GetAsync(Address(uri, "twin"))).Status);
            Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(Address(uri))).Status);
            Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(Address(uri))).Status);
        }

        Assert.NotNull((await bench.AuthorizeAsync(uri)).Parameter("code"));
        using var again = new TestBrowser(bench.Service.Http.BaseAddress!, FlowBench.PublicAddress);
        Assert.Equal((HttpStatusCode.BadRequest, null), await AnswerAsync(again, uri));

        var expired = await bench.PushedAsync();
        bench.Clock.Advance(PushedRequests.Lifetime);
        Assert.True(PushedRequests.Lifetime < TimeSpan.FromSeconds(600));
        Assert.Equal((HttpStatusCode.BadRequest, null), await AnswerAsync(again, expired));
    }

    [Fact]
    public async Task A_client_may_be_held_to_the_profile_where_its_realm_is_not()
    {
        (string, string)[] form = [.. FlowBench.Parameters("strict").Select(pair => (pair.Key, pair.Value))];
        using var browser = new TestBrowser(bench.Service.Http.BaseAddress!, FlowBench.PublicAddress);
        var plain = await browser.GetAsync(FlowBench.Address(FlowBench.Parameters("strict"), "/realms/other/oauth2/authorize"));
        var neighbour = await browser.GetAsync(FlowBench.Address(FlowBench.Parameters("secretive"), "/realms/other/oauth2/authorize"));
        using var bySecret = await bench.Service.PostAsync("/realms/other/oauth2/par", TokenReplica.Basic("strict", TestRealm.ServiceSecret), form);
        using var byKey = await bench.PostAsync("/realms/other/oauth2/par", bench.Assertion("strict", "other"), null, form);
        using var unbound = await bench.PostAsync("/realms/other/oauth2/token", bench.Assertion("strict", "other"), null, ("grant_type", "client_credentials"));
        using var unboundNeighbour = await bench.PostAsync("/realms/other/oauth2/token", bench.Assertion("signer", "other"), null, ("grant_type", "client_credentials"));

        Assert.Equal("invalid_request", plain.Parameter("error"));
        Assert.Equal(HttpStatusCode.OK, neighbour.Status);
        await TokenEndpointTests.AssertRefusedAsync(bySecret, 401, "invalid_client");
        Assert.Equal(HttpStatusCode.Created, byKey.StatusCode);
        await TokenEndpointTests.AssertRefusedAsync(unbound, 400, "invalid_request");
        Assert.Equal(HttpStatusCode.OK, unboundNeighbour.StatusCode);
    }

    private static async Task<(HttpStatusCode Status, string? Location)> AnswerAsync(TestBrowser browser, string requestUri)
    {
        var page = await browser.GetAsync(Address(requestUri));
        return (page.Status, page.Location);
    }

    private async Task<JsonElement> MetadataAsync(string realmId)
    {
        using var response = await bench.Service.Http.GetAsync(new Uri($"/realms/{realmId}/.well-known/oauth-authorization-server", UriKind.Relative));
        return await TokenReplica.JsonAsync(response);
    }

    private static IEnumerable<string?> List(JsonElement metadata, string name) => metadata.GetProperty(name).EnumerateArray().Select(item => item.GetString());
}
