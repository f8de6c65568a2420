using System.Net;
using Pltfrms.Iam.Common.Realms.Model;
using Token.Tests.Hosting;

namespace Token.Tests.OAuth;

/// <summary>Realms with a host name of their own.</summary>
public sealed class HostNameTests(TokenServiceFixture fixture) : IClassFixture<TokenServiceFixture>
{
    private const string Metadata = "/.well-known/oauth-authorization-server";
    private const string TokenForm = "grant_type=client_credentials&scope=invoices.read";

    private readonly string _realmId = $"r{Guid.NewGuid():n}";

    private string Host => $"{_realmId}.example.com";

    [Fact]
    public async Task The_host_name_is_the_issuer_at_the_root_and_below_the_path()
    {
        Give(_realmId, Host);

        var root = await JsonAsync(HttpMethod.Get, Metadata, Host);
        var path = await JsonAsync(HttpMethod.Get, $"/realms/{_realmId}{Metadata}", "iam.example");

        Assert.Equal(($"https://{Host}", $"https://{Host}/oauth2/token", $"https://{Host}/oauth2/jwks"), (Text(root, "issuer"), Text(root, "token_endpoint"), Text(root, "jwks_uri")));
        Assert.Equal(root.GetRawText(), path.GetRawText());
        Assert.Equal(
            (await JsonAsync(HttpMethod.Get, "/oauth2/jwks", Host)).GetRawText(),
            (await JsonAsync(HttpMethod.Get, $"/realms/{_realmId}/oauth2/jwks", "iam.example")).GetRawText());
    }

    [Fact]
    public async Task Tokens_of_either_address_have_the_one_issuer_and_are_good_at_both()
    {
        Give(_realmId, Host);
        var atRoot = await TokenAsync("/oauth2/token", Host);
        var atPath = await TokenAsync($"/realms/{_realmId}/oauth2/token", "iam.example");

        foreach (var token in new[] { atRoot, atPath })
        {
            Assert.Equal($"https://{Host}", await IssuerAsync(token, "/oauth2/introspect", Host));
            Assert.Equal($"https://{Host}", await IssuerAsync(token, $"/realms/{_realmId}/oauth2/introspect", "iam.example"));
        }

        Assert.Null(await IssuerAsync(atRoot, "/realms/demo/oauth2/introspect", "iam.example"));
    }

    [Theory]
    [InlineData("{0}:443")]
    [InlineData("{0}.")]
    [InlineData("{0}.:443")]
    public async Task Other_spellings_of_the_host_are_the_same_host(string spelling)
    {
        Give(_realmId, Host);

        Assert.Equal($"https://{Host}", Text(await JsonAsync(HttpMethod.Get, Metadata, string.Format(null, spelling, Host.ToUpperInvariant())), "issuer"));
    }

    [Theory]
    [InlineData("{0}:8443")]
    [InlineData("x.{0}")]
    [InlineData("iam.example")]
    [InlineData("[::1]")]
    public async Task Another_host_names_no_realm(string spelling)
    {
        Give(_realmId, Host);

        using var response = await SendAsync(HttpMethod.Get, Metadata, string.Format(null, spelling, Host));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("There is nothing at this address.", Text(await TokenReplica.JsonAsync(response), "error_description"));
    }

    [Fact]
    public async Task At_a_realms_own_host_there_is_no_other_realm()
    {
        Give(_realmId, Host);

        using var response = await SendAsync(HttpMethod.Post, "/realms/demo/oauth2/token", Host, TokenForm);
        using var metadata = await SendAsync(HttpMethod.Get, $"{Metadata}/realms/demo", Host);
        using var own = await SendAsync(HttpMethod.Get, $"{Metadata}/realms/{_realmId}", Host);

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.OK), (response.StatusCode, metadata.StatusCode, own.StatusCode));
    }

    [Fact]
    public async Task X_Forwarded_Host_is_nothing_without_a_proxy()
    {
        Give(_realmId, Host);

        using var response = await SendAsync(HttpMethod.Get, Metadata, "iam.example", forwarded: Host);
        using var own = await SendAsync(HttpMethod.Get, Metadata, Host, forwarded: "other.example.com");

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.OK), (response.StatusCode, own.StatusCode));
    }

    [Fact]
    public async Task The_shared_host_is_nobodys_own()
    {
        Give(_realmId, "iam.example");

        using var root = await SendAsync(HttpMethod.Get, Metadata, "iam.example");
        var path = await JsonAsync(HttpMethod.Get, $"/realms/{_realmId}{Metadata}", "iam.example");
        var other = await JsonAsync(HttpMethod.Get, $"/realms/demo{Metadata}", "iam.example");

        Assert.Equal(HttpStatusCode.NotFound, root.StatusCode);
        Assert.Equal((TokenReplica.Issuer(_realmId), TokenReplica.Issuer("demo")), (Text(path, "issuer"), Text(other, "issuer")));
    }

    [Fact]
    public async Task A_host_name_that_moves_to_another_realm_takes_the_requests_along_and_leaves_its_tokens_dead()
    {
        Give(_realmId, Host);
        var token = await TokenAsync("/oauth2/token", Host);
        Assert.NotNull(await IssuerAsync(token, "/oauth2/introspect", Host));

        var heir = $"heir-{_realmId}";
        await TakeAsync(_realmId);
        Give(heir, Host);

        Assert.Null(await IssuerAsync(token, $"/realms/{_realmId}/oauth2/introspect", "iam.example"));
        Assert.Null(await IssuerAsync(token, $"/realms/{heir}/oauth2/introspect", "iam.example"));
        using var metadata = await SendAsync(HttpMethod.Get, $"/realms/{heir}{Metadata}", Host);
        Assert.Equal($"https://{Host}", Text(await TokenReplica.JsonAsync(metadata), "issuer"));
        using var former = await SendAsync(HttpMethod.Get, $"/realms/{_realmId}{Metadata}", Host);
        Assert.Equal(HttpStatusCode.NotFound, former.StatusCode);
    }

    [Fact]
    public async Task Tokens_from_before_a_host_name_was_given_live_to_their_end()
    {
        fixture.Realms.Set(_realmId, TestRealm.Resources(_realmId));
        var token = await TokenAsync($"/realms/{_realmId}/oauth2/token", "iam.example");

        await ReachAsync(_realmId, fixture.Realms.Change(_realmId, new Realm { RealmId = _realmId, HostName = Host }));

        Assert.Equal(TokenReplica.Issuer(_realmId), await IssuerAsync(token, $"/realms/{_realmId}/oauth2/introspect", "iam.example"));
        fixture.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Null(await IssuerAsync(token, $"/realms/{_realmId}/oauth2/introspect", "iam.example"));
    }

    [Fact]
    public async Task Realm_admin_is_asked_once_for_a_host_and_its_absence_does_not_take_known_realms_away()
    {
        Give(_realmId, Host);
        var unknown = $"unknown.{Host}";
        await JsonAsync(HttpMethod.Get, Metadata, Host);
        for (var i = 0; i < 20; i++)
        {
            await JsonAsync(HttpMethod.Get, Metadata, Host);
            await JsonAsync(HttpMethod.Get, $"/realms/{_realmId}{Metadata}", unknown);
        }

        Assert.Equal((1, 1), (fixture.Realms.AskedHosts[Host], fixture.Realms.AskedHosts[unknown]));

        fixture.Realms.IsDown = true;
        try
        {
            Assert.Equal($"https://{Host}", Text(await JsonAsync(HttpMethod.Get, Metadata, Host), "issuer"));
            Assert.Equal($"https://{Host}", Text(await JsonAsync(HttpMethod.Get, $"/realms/{_realmId}{Metadata}", $"new.{Host}"), "issuer"));
            using var root = await SendAsync(HttpMethod.Get, Metadata, $"new.{Host}");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, root.StatusCode);
        }
        finally
        {
            fixture.Realms.IsDown = false;
        }
    }

    private void Give(string realmId, string hostName) => fixture.Realms.Set(
        realmId, [.. TestRealm.Resources(realmId).Where(resource => resource is not Realm), new Realm { RealmId = realmId, HostName = hostName }]);

    private Task TakeAsync(string realmId) => ReachAsync(realmId, fixture.Realms.Change(realmId, new Realm { RealmId = realmId }));

    private Task ReachAsync(string realmId, long revision) => fixture.Service.ReachAsync(realmId, revision);

    private async Task<string> TokenAsync(string path, string host) => Text(await JsonAsync(HttpMethod.Post, path, host, TokenForm), "access_token")!;

    private async Task<string?> IssuerAsync(string token, string path, string host)
    {
        using var response = await SendAsync(HttpMethod.Post, path, host, $"token={token}", clientId: "demo-api", secret: TestRealm.ApiSecret);
        var json = await TokenReplica.JsonAsync(response);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return json.GetProperty("active").GetBoolean() ? Text(json, "iss") : null;
    }

    private async Task<System.Text.Json.JsonElement> JsonAsync(HttpMethod method, string path, string host, string? form = null)
    {
        using var response = await SendAsync(method, path, host, form);
        var json = await TokenReplica.JsonAsync(response);
        Assert.True(response.IsSuccessStatusCode, json.GetRawText());
        return json;
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, string host, string? form = null, string? forwarded = null, string clientId = "demo-service", string secret = TestRealm.ServiceSecret)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Host = host;
        if (forwarded is not null)
        {
            request.Headers.Add("X-Forwarded-Host", forwarded);
        }

        if (form is not null)
        {
            request.Content = new StringContent(form, new System.Net.Http.Headers.MediaTypeHeaderValue("application/x-www-form-urlencoded"));
            request.Headers.Authorization = TokenReplica.Basic(clientId, secret);
        }

        return await fixture.Service.Http.SendAsync(request);
    }

    private static string? Text(System.Text.Json.JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;
}
