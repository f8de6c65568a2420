using System.Net;
using System.Net.Http.Headers;
using Pltfrms.Iam.Common.Realms.Model;
using Token.Tests.Hosting;

namespace Token.Tests.OAuth;

public sealed class IntrospectionEndpointTests(TokenServiceFixture fixture) : IClassFixture<TokenServiceFixture>
{
    private const string Path = "/realms/demo/oauth2/introspect";
    private const string Inactive = """{"active":false}""";

    private TokenReplica Service => fixture.Service;

    [Fact]
    public async Task Says_what_an_active_token_stands_for()
    {
        var token = await IssueAsync(("scope", "invoices.read invoices.create"), ("organization", "acme"));

        using var response = await Service.PostAsync(Path, Api(), ("token", token), ("token_type_hint", "access_token"));
        var json = await TokenReplica.JsonAsync(response);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
        var now = fixture.Clock.GetUtcNow().ToUnixTimeSeconds();
        var jti = json.GetProperty("jti").GetString();
        Assert.Equal(
            $$"""{"active":true,"iss":"https://iam.example/realms/demo","sub":"demo-service","sub_type":"client","aud":"https://api.demo.example","exp":{{now + 300}},"iat":{{now}},"jti":"{{jti}}","client_id":"demo-service","scope":"invoices.read invoices.create","realm_id":"demo","organization_id":"acme","token_type":"Bearer"}""",
            json.GetRawText());
    }

    [Fact]
    public async Task Takes_an_access_token_as_credential()
    {
        var credential = await Service.IssueAsync("demo", "demo-api", TestRealm.ApiSecret);

        using var response = await Service.PostAsync(Path, new AuthenticationHeaderValue("Bearer", credential), ("token", await IssueAsync()));

        Assert.True((await TokenReplica.JsonAsync(response)).GetProperty("active").GetBoolean());
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("a.b.c")]
    [InlineData(" ")]
    [InlineData("\u00e4\u20ac")]
    public async Task Garbage_is_inactive(string token) => Assert.Equal(Inactive, await Service.IntrospectAsync("demo", token));

    [Fact]
    public async Task Another_realms_token_is_inactive()
    {
        var token = await Service.IssueAsync("other", "demo-service", TestRealm.ServiceSecret);

        Assert.Equal(Inactive, await Service.IntrospectAsync("demo", token));
        Assert.NotEqual(Inactive, await Service.IntrospectAsync("other", token));
    }

    [Fact]
    public async Task An_expired_token_is_inactive()
    {
        var token = await IssueAsync();
        Assert.NotEqual(Inactive, await Service.IntrospectAsync("demo", token));

        fixture.Clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(Inactive, await Service.IntrospectAsync("demo", token));
    }

    [Fact]
    public async Task A_token_of_a_client_disabled_or_removed_since_is_inactive()
    {
        var client = TestRealm.Client("demo", "leaving", ["invoices.read"], TestRealm.ServiceSecret);
        await ChangeAsync(client);
        var token = await Service.IssueAsync("demo", "leaving", TestRealm.ServiceSecret);
        Assert.NotEqual(Inactive, await Service.IntrospectAsync("demo", token));

        await ChangeAsync(client with { Disabled = true });
        Assert.Equal(Inactive, await Service.IntrospectAsync("demo", token));
        await ChangeAsync(client);
        Assert.NotEqual(Inactive, await Service.IntrospectAsync("demo", token));
        await Service.ReachAsync("demo", fixture.Realms.Remove("demo", ResourceKind.Client, "leaving"));
        Assert.Equal(Inactive, await Service.IntrospectAsync("demo", token));
    }

    [Fact]
    public async Task A_token_tied_to_an_organization_disabled_since_is_inactive()
    {
        await ChangeAsync(new Organization { RealmId = "demo", OrganizationId = "closing" });
        var token = await IssueAsync(("organization", "closing"));
        Assert.NotEqual(Inactive, await Service.IntrospectAsync("demo", token));

        await ChangeAsync(new Organization { RealmId = "demo", OrganizationId = "closing", Disabled = true });

        Assert.Equal(Inactive, await Service.IntrospectAsync("demo", token));
    }

    [Fact]
    public async Task Refuses_a_client_that_may_not_introspect()
    {
        using var response = await Service.PostAsync(Path, TokenReplica.Basic("demo-service", TestRealm.ServiceSecret), ("token", await IssueAsync()));

        await AssertForbiddenAsync(response);
    }

    [Fact]
    public async Task Refuses_a_client_whose_role_is_bound_in_an_organization_only()
    {
        using var response = await Service.PostAsync(Path, TokenReplica.Basic("org-admin", TestRealm.OperatorSecret), ("token", await IssueAsync()));

        await AssertForbiddenAsync(response);
    }

    [Fact]
    public async Task Refuses_an_access_token_without_the_scope()
    {
        var credential = await Service.IssueAsync("demo", "demo-api", TestRealm.ApiSecret, ("scope", "iam.permissions.check"));

        using var response = await Service.PostAsync(Path, new AuthenticationHeaderValue("Bearer", credential), ("token", await IssueAsync()));

        await AssertForbiddenAsync(response);
    }

    [Fact]
    public async Task Refuses_an_access_token_tied_to_an_organization()
    {
        var credential = await Service.IssueAsync("demo", "org-admin", TestRealm.OperatorSecret, ("organization", "acme"));

        using var response = await Service.PostAsync(Path, new AuthenticationHeaderValue("Bearer", credential), ("token", await IssueAsync()));

        await AssertForbiddenAsync(response);
    }

    [Fact]
    public async Task Refuses_an_access_token_of_another_realm_and_garbage_alike()
    {
        var credential = await Service.IssueAsync("other", "demo-api", TestRealm.ApiSecret);
        foreach (var bearer in new[] { credential, "garbage", "" })
        {
            using var response = await Service.PostAsync(Path, new AuthenticationHeaderValue("Bearer", bearer), ("token", await IssueAsync()));

            await TokenEndpointTests.AssertRefusedAsync(response, 401, bearer.Length == 0 ? "invalid_client" : "invalid_token");
        }
    }

    [Fact]
    public async Task Refuses_whoever_does_not_authenticate_before_looking_at_the_token()
    {
        using var nobody = await Service.PostAsync(Path, null, ("token", await IssueAsync()));
        using var wrong = await Service.PostAsync(Path, TokenReplica.Basic("demo-api", "wrong"), ("token", "garbage"));
        using var missing = await Service.PostAsync(Path, Api());

        await TokenEndpointTests.AssertRefusedAsync(nobody, 401, "invalid_client");
        await TokenEndpointTests.AssertRefusedAsync(wrong, 401, "invalid_client");
        await TokenEndpointTests.AssertRefusedAsync(missing, 400, "invalid_request");
    }

    private static async Task AssertForbiddenAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal(
            """{"error":"insufficient_scope","error_description":"The caller lacks iam.tokens.introspect."}""",
            await response.Content.ReadAsStringAsync());
    }

    private static AuthenticationHeaderValue Api() => TokenReplica.Basic("demo-api", TestRealm.ApiSecret);

    private Task<string> IssueAsync(params (string Name, string Value)[] parameters) =>
        Service.IssueAsync("demo", "demo-service", TestRealm.ServiceSecret, parameters);

    private Task ChangeAsync(params IRealmResource[] upserts) => Service.ReachAsync("demo", fixture.Realms.Change("demo", upserts));
}
