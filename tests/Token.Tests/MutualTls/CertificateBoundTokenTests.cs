using System.Net;
using System.Text.Json;
using Pltfrms.Iam.Common.Certificates;
using Testing;
using Token.Tests.Authorization;
using Token.Tests.Hosting;
using Token.Tests.OAuth;
using static Token.Tests.MutualTls.MutualTlsBench;

namespace Token.Tests.MutualTls;

/// <summary>RFC 8705 sections 3, 4 and 5.</summary>
public sealed class CertificateBoundTokenTests(MutualTlsBench bench) : IClassFixture<MutualTlsBench>
{
    [Fact]
    public async Task A_token_says_which_certificate_it_is_bound_to_and_so_does_introspection()
    {
        var http = bench.With(bench.Billing);
        var tokens = await AssertGivenAsync(http, "bound", "bound");

        Assert.Equal("Bearer", tokens.GetProperty("token_type").GetString());
        AssertBoundTo(CertificateThumbprint.Of(bench.Billing), FlowBench.Claims(tokens));
        using var introspected = await PostAsync(http, "/realms/demo/oauth2/introspect", ("client_id", "bound"), ("token", tokens.GetProperty("access_token").GetString()!));
        AssertBoundTo(CertificateThumbprint.Of(bench.Billing), await TokenReplica.JsonAsync(introspected));
    }

    [Fact]
    public async Task A_token_of_a_client_that_did_not_ask_for_it_is_not_bound()
    {
        var tokens = await AssertGivenAsync(bench.With(bench.Billing), "billing", "not bound");

        Assert.False(FlowBench.Claims(tokens).TryGetProperty("cnf", out _));
    }

    [Fact]
    public async Task Who_asked_for_it_gets_nothing_without_a_certificate_and_may_authenticate_in_another_way()
    {
        (string, string)[] basic = [("Authorization", $"{TokenReplica.Basic("bound-secret", TestRealm.ServiceSecret)}")];
        using var plain = await PostAsync(bench.Direct.Http, TokenPath, basic, ("grant_type", "client_credentials"));
        using var spoofed = await PostAsync(
            bench.Direct.Http, TokenPath, [.. basic, (Header, $":{Convert.ToBase64String(bench.Billing.RawData)}:")], ("grant_type", "client_credentials"));
        using var certified = await PostAsync(bench.With(bench.Selfmade), TokenPath, basic, ("grant_type", "client_credentials"));

        await TokenEndpointTests.AssertRefusedAsync(plain, 400, "invalid_request");
        await TokenEndpointTests.AssertRefusedAsync(spoofed, 400, "invalid_request");
        AssertBoundTo(CertificateThumbprint.Of(bench.Selfmade), FlowBench.Claims(await TokenReplica.JsonAsync(certified)));
    }

    [Fact]
    public async Task Whoever_has_a_bound_token_and_no_certificate_is_nobody_here()
    {
        var token = (await AssertGivenAsync(bench.With(bench.Billing), "bound", "bound")).GetProperty("access_token").GetString()!;
        (string, string)[] bearer = [("Authorization", $"Bearer {token}")];
        using var bare = await PostAsync(bench.Direct.Http, "/realms/demo/oauth2/introspect", bearer, ("token", "x"));
        using var another = await PostAsync(bench.With(bench.Selfmade), "/realms/demo/oauth2/introspect", bearer, ("token", "x"));

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (bare.StatusCode, another.StatusCode));
    }

    [Fact]
    public async Task A_public_clients_refresh_token_is_bound_to_its_certificate()
    {
        var owner = bench.With(bench.Selfmade);
        var code = await CodeAsync("native");
        (string, string)[] redemption = [("grant_type", "authorization_code"), ("client_id", "native"), ("code", code), ("redirect_uri", FlowBench.Callback), ("code_verifier", FlowBench.Verifier)];
        using var without = await PostAsync(bench.Direct.Http, TokenPath, redemption);
        await TokenEndpointTests.AssertRefusedAsync(without, 400, "invalid_request");
        using var redeemed = await PostAsync(owner, TokenPath, redemption);
        var tokens = await TokenReplica.JsonAsync(redeemed);
        Assert.True(redeemed.IsSuccessStatusCode, tokens.GetRawText());
        AssertBoundTo(CertificateThumbprint.Of(bench.Selfmade), FlowBench.Claims(tokens));

        (string, string)[] refresh = [("grant_type", "refresh_token"), ("client_id", "native"), ("refresh_token", tokens.GetProperty("refresh_token").GetString()!)];
        using var thief = await PostAsync(bench.With(bench.Keyed), TokenPath, refresh);
        using var bare = await PostAsync(bench.Direct.Http, TokenPath, refresh);
        using var rightful = await PostAsync(owner, TokenPath, refresh);

        await TokenEndpointTests.AssertRefusedAsync(thief, 400, "invalid_grant");
        await TokenEndpointTests.AssertRefusedAsync(bare, 400, "invalid_request");
        Assert.Equal(HttpStatusCode.OK, rightful.StatusCode);
    }

    [Fact]
    public async Task Metadata_names_the_methods_and_addresses_where_certificates_are_seen()
    {
        var direct = await MetadataAsync(bench.Direct);
        var proxied = await MetadataAsync(bench.BehindProxy);

        Assert.Equal($"{MutualTlsAddress}/realms/demo/oauth2/token", direct.GetProperty("mtls_endpoint_aliases").GetProperty("token_endpoint").GetString());
        Assert.Equal($"{MutualTlsAddress}/realms/demo/oauth2/par", direct.GetProperty("mtls_endpoint_aliases").GetProperty("pushed_authorization_request_endpoint").GetString());
        Assert.False(proxied.TryGetProperty("mtls_endpoint_aliases", out _));
        foreach (var metadata in new[] { direct, proxied })
        {
            Assert.True(metadata.GetProperty("tls_client_certificate_bound_access_tokens").GetBoolean());
            foreach (var list in new[] { "token", "introspection", "revocation" })
            {
                var methods = metadata.GetProperty($"{list}_endpoint_auth_methods_supported").EnumerateArray().Select(method => method.GetString()).ToList();
                Assert.Contains("tls_client_auth", methods);
                Assert.Contains("self_signed_tls_client_auth", methods);
            }
        }
    }

    [Fact]
    public async Task The_address_for_certificates_serves_realms_by_path_and_is_no_realms_own()
    {
        var http = bench.With(bench.Billing);
        using var request = new HttpRequestMessage(HttpMethod.Post, TokenPath)
        {
            Headers = { Host = "mtls.iam.example" },
            Content = new FormUrlEncodedContent([KeyValuePair.Create("grant_type", "client_credentials"), KeyValuePair.Create("client_id", "bound")]),
        };
        using var response = await http.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(FlowBench.Issuer, FlowBench.Claims(await TokenReplica.JsonAsync(response)).GetProperty("iss").GetString());
        Assert.False(bench.Realms.AskedHosts.ContainsKey("mtls.iam.example"));
    }

    private async Task<string> CodeAsync(string clientId)
    {
        using var browser = new TestBrowser(bench.Direct.Http.BaseAddress!, FlowBench.PublicAddress);
        var consent = bench.Consent;
        var login = await browser.GetAsync(FlowBench.Address(FlowBench.Parameters(clientId)));
        var posted = await browser.PostAsync($"{FlowBench.Authorize}/login", ("request", login.Hidden("request")), ("username", "carol"));
        var page = await browser.FollowAsync(posted);
        var answered = await browser.GetAsync($"{consent.Questions.Last().ReturnUri}&consent_challenge={page.Location![TestConsent.Page.Length..]}");
        return answered.Parameter("code") ?? throw new InvalidOperationException(answered.Location);
    }

    private static async Task<JsonElement> MetadataAsync(TokenReplica replica)
    {
        using var response = await replica.Http.GetAsync(new Uri("/realms/demo/.well-known/oauth-authorization-server", UriKind.Relative));
        return await TokenReplica.JsonAsync(response);
    }

    private static void AssertBoundTo(string thumbprint, JsonElement claims) =>
        Assert.Equal(thumbprint, claims.GetProperty("cnf").GetProperty("x5t#S256").GetString());
}
