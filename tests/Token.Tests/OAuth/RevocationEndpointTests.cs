using System.Net;
using Token.Tests.Hosting;

namespace Token.Tests.OAuth;

public sealed class RevocationEndpointTests(TokenServiceFixture fixture) : IClassFixture<TokenServiceFixture>
{
    private const string Path = "/realms/demo/oauth2/revoke";
    private const string Inactive = """{"active":false}""";

    private TokenReplica Service => fixture.Service;

    [Theory]
    [InlineData(null)]
    [InlineData("access_token")]
    [InlineData("refresh_token")]
    [InlineData("unheard_of")]
    public async Task A_client_revokes_its_own_token_whatever_the_hint(string? hint)
    {
        var token = await IssueAsync();
        Assert.NotEqual(Inactive, await Service.IntrospectAsync("demo", token));

        using var response = await RevokeAsync("demo-service", TestRealm.ServiceSecret, token, hint);
        using var again = await RevokeAsync("demo-service", TestRealm.ServiceSecret, token, hint);

        Assert.Equal((HttpStatusCode.OK, "{}"), (response.StatusCode, await response.Content.ReadAsStringAsync()));
        Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(Inactive, await Service.IntrospectAsync("demo", token));
    }

    [Fact]
    public async Task Another_clients_token_is_answered_alike_and_stays_active()
    {
        var token = await IssueAsync();

        using var response = await RevokeAsync("demo-api", TestRealm.ApiSecret, token, null);
        using var garbage = await RevokeAsync("demo-api", TestRealm.ApiSecret, "garbage", null);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(garbage.Headers.ToString().Length, response.Headers.ToString().Length);
        Assert.Equal(await garbage.Content.ReadAsStringAsync(), await response.Content.ReadAsStringAsync());
        Assert.NotEqual(Inactive, await Service.IntrospectAsync("demo", token));
    }

    [Fact]
    public async Task Another_realms_token_stays_active_there()
    {
        var token = await Service.IssueAsync("other", "demo-service", TestRealm.ServiceSecret);

        using var response = await RevokeAsync("demo-service", TestRealm.ServiceSecret, token, null);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.NotEqual(Inactive, await Service.IntrospectAsync("other", token));
    }

    [Fact]
    public async Task Refuses_a_client_that_does_not_authenticate()
    {
        var token = await IssueAsync();

        using var response = await RevokeAsync("demo-service", "wrong", token, null);
        using var nothing = await Service.PostAsync(Path, TokenReplica.Basic("demo-service", TestRealm.ServiceSecret));

        await TokenEndpointTests.AssertRefusedAsync(response, 401, "invalid_client");
        await TokenEndpointTests.AssertRefusedAsync(nothing, 400, "invalid_request");
        Assert.NotEqual(Inactive, await Service.IntrospectAsync("demo", token));
    }

    private Task<string> IssueAsync() => Service.IssueAsync("demo", "demo-service", TestRealm.ServiceSecret);

    private Task<HttpResponseMessage> RevokeAsync(string clientId, string secret, string token, string? hint) => Service.PostAsync(
        Path, TokenReplica.Basic(clientId, secret), hint is null ? [("token", token)] : [("token", token), ("token_type_hint", hint)]);
}
