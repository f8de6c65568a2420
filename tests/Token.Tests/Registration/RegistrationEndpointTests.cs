using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.Registration;
using Testing;
using Token.Tests.Authorization;
using Token.Tests.Hosting;

namespace Token.Tests.Registration;

/// <summary>RFC 7591 and RFC 7592 at the token service: what is answered, when, and what an outage of realm-admin is.</summary>
public sealed class RegistrationEndpointTests : IAsyncLifetime
{
    private const string Register = "/realms/demo/oauth2/register";

    private readonly SqliteTokenDatabase _database = new();
    private readonly TestRealmFeed _realms = new();
    private readonly TestClientRegistrations _registrations = new();
    private readonly FakeClock _clock = new();

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        _realms.Set("demo", TestRealm.Resources("demo"));
        _realms.Change("demo", Offering(_realms.Resources("demo").OfType<Realm>().Single()));
        _realms.Set("other", TestRealm.Resources("other"));
    }

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task The_answer_has_what_is_registered_and_what_is_shown_once()
    {
        await using var service = await StartAsync();

        using var response = await PostAsync(service, """{"client_name":"Größe \"1\""}""");

        Assert.Equal((HttpStatusCode.Created, "no-store"), (response.StatusCode, response.Headers.CacheControl!.ToString()));
        Assert.Equal(
            """{"client_id":"c-1","client_id_issued_at":1767268800,"client_secret":"secret","client_secret_expires_at":0,"registration_access_token":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","registration_client_uri":"https://iam.example/realms/demo/oauth2/register/c-1","redirect_uris":["https://app.example/cb"],"token_endpoint_auth_method":"client_secret_basic","grant_types":["authorization_code"],"response_types":["code"],"scope":"a.read a.write","client_name":"Größe \"1\"","client_name#de":"Größe","contacts":["a@example.com"],"jwks":{"keys":[]},"dpop_bound_access_tokens":true,"tls_client_auth_san_dns":"app.example"}""",
            await response.Content.ReadAsStringAsync());
        Assert.Contains("\"issuer\": \"https://iam.example/realms/demo\"", Assert.Single(_registrations.Asked), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_answer_waits_for_the_revision_and_an_answer_that_would_not_hold_is_not_given()
    {
        await using var service = await StartAsync();
        _registrations.Revision = _realms.Change("demo", TestRealm.Client("demo", "c-1", ["invoices.read"]));

        using (var response = await PostAsync(service, "{}"))
        {
            Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        }

        // One that never comes.
        _registrations.Revision += 1;
        using var late = await PostAsync(service, "{}");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "temporarily_unavailable"), (late.StatusCode, await ErrorAsync(late)));
    }

    [Fact]
    public async Task An_outage_of_realm_admin_is_an_outage_and_no_refusal()
    {
        // Nobody listens there, and nothing stands in.
        await using var service = await TokenReplica.StartAsync(_database.Settings, _realms, _clock);

        using var response = await PostAsync(service, "{}");
        using var read = await ManageAsync(service, HttpMethod.Get, $"{Register}/c-1", TestClientRegistrations.Token);
        using var deleted = await ManageAsync(service, HttpMethod.Delete, $"{Register}/c-1", TestClientRegistrations.Token);

        foreach (var answer in new[] { response, read, deleted })
        {
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "temporarily_unavailable", "1"), (answer.StatusCode, await ErrorAsync(answer), answer.Headers.RetryAfter!.ToString()));
        }
    }

    [Fact]
    public async Task A_realm_that_registers_nobody_has_no_such_address_and_no_such_metadata()
    {
        await using var service = await StartAsync();

        Assert.Contains(
            "\"registration_endpoint\":\"https://iam.example/realms/demo/oauth2/register\"",
            await service.Http.GetStringAsync("/realms/demo/.well-known/oauth-authorization-server"));
        Assert.DoesNotContain("registration", await service.Http.GetStringAsync("/realms/other/.well-known/oauth-authorization-server"));
        foreach (var method in new[] { "GET", "POST", "PUT", "DELETE", "OPTIONS" })
        {
            foreach (var path in new[] { "/realms/other/oauth2/register", "/realms/other/oauth2/register/c-1" })
            {
                using var response = await ManageAsync(service, new HttpMethod(method), path, TestClientRegistrations.Token);
                Assert.Equal((method, path, HttpStatusCode.NotFound), (method, path, response.StatusCode));
            }
        }
    }

    [Theory]
    [InlineData("/realms/demo/oauth2/register/c-1/")]
    [InlineData("/realms/demo/oauth2/Register/c-1")]
    [InlineData("/realms/demo/oauth2/register/c-1/x")]
    [InlineData("/realms/demo/oauth2/register/")]
    public async Task Only_the_address_that_was_given_is_one(string path)
    {
        await using var service = await StartAsync();

        using var response = await ManageAsync(service, HttpMethod.Get, path, TestClientRegistrations.Token);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task A_client_manages_itself_with_its_token_in_the_header_and_nowhere_else()
    {
        await using var service = await StartAsync();
        const string own = $"{Register}/c-1";

        using var read = await ManageAsync(service, HttpMethod.Get, own, TestClientRegistrations.Token);
        using var deleted = await ManageAsync(service, HttpMethod.Delete, own, TestClientRegistrations.Token);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NoContent), (read.StatusCode, deleted.StatusCode));
        Assert.DoesNotContain("\"client_secret\":", await read.Content.ReadAsStringAsync());
        foreach (var (path, token) in new[] { (own, null), (own, "x"), ($"{own}?access_token={TestClientRegistrations.Token}", (string?)null) })
        {
            using var refused = await ManageAsync(service, HttpMethod.Get, path, token);
            Assert.Equal((HttpStatusCode.Unauthorized, "Bearer error=\"invalid_token\""), (refused.StatusCode, refused.Headers.WwwAuthenticate.ToString()));
        }
    }

    [Fact]
    public async Task One_source_registers_only_so_many_clients_and_tries_no_more_often()
    {
        await using var service = await StartAsync(("Token:RegistrationsPerAddressPerMinute", "3"));

        for (var i = 0; i < 3; i++)
        {
            using var response = await PostAsync(service, i == 0 ? "[]" : "{}");
            Assert.Equal(i == 0 ? HttpStatusCode.BadRequest : HttpStatusCode.Created, response.StatusCode);
        }

        using var refused = await PostAsync(service, "{}");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal(2, _registrations.Asked.Count);
        // Reading is no registering.
        using var read = await ManageAsync(service, HttpMethod.Get, $"{Register}/c-1", TestClientRegistrations.Token);
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
    }

    [Fact]
    public async Task Clients_that_got_tokens_are_told_of_once_and_again_where_telling_failed()
    {
        _realms.Change(
            "demo",
            TestRealm.Client("demo", "c-1", ["invoices.read"], TestRealm.ServiceSecret) with { DynamicallyRegistered = true },
            TestRealm.Client("demo", "c-2", ["invoices.read"], TestRealm.ServiceSecret) with { DynamicallyRegistered = true });
        await using var service = await StartAsync();
        var report = service.Services.GetRequiredService<ReportClientUses>();
        foreach (var clientId in new[] { "demo-service", "c-1", "c-1", "c-2" })
        {
            await service.IssueAsync("demo", clientId, TestRealm.ServiceSecret);
        }

        _registrations.Used = null;
        await report.RunAsync(default);
        _registrations.Used = new();
        await report.RunAsync(default);
        await service.IssueAsync("demo", "c-1", TestRealm.ServiceSecret);
        await report.RunAsync(default);

        Assert.Equal(["demo c-1 c-2"], _registrations.Used);
    }

    private static Realm Offering(Realm realm) => realm with { ClientRegistration = new() { Mode = ClientRegistrationMode.Open } };

    private Task<TokenReplica> StartAsync(params (string Name, string Value)[] settings)
    {
        var all = new Dictionary<string, string?>(_database.Settings);
        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        return TokenReplica.StartAsync(all, _realms, _clock, new TestConsent(), ServiceDescriptor.Singleton<IClientRegistrations>(_registrations));
    }

    private static async Task<HttpResponseMessage> PostAsync(TokenReplica service, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        return await service.Http.PostAsync(Register, content);
    }

    private static async Task<HttpResponseMessage> ManageAsync(TokenReplica service, HttpMethod method, string path, string? token)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return await service.Http.SendAsync(request);
    }

    private static async Task<string?> ErrorAsync(HttpResponseMessage response) =>
        (await TokenReplica.JsonAsync(response)).GetProperty("error").GetString();
}
