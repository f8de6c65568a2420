using System.Buffers.Text;
using System.Net;
using System.Text;
using System.Text.Json;
using Token.Tests.Hosting;

namespace Token.Tests.OAuth;

public sealed class TokenEndpointTests(TokenServiceFixture fixture) : IClassFixture<TokenServiceFixture>
{
    private const string Path = "/realms/demo/oauth2/token";
    private static readonly (string, string) Grant = ("grant_type", "client_credentials");

    private TokenReplica Service => fixture.Service;

    [Fact]
    public async Task Answers_as_RFC_6749_section_5_1_says()
    {
        using var response = await Service.PostAsync(Path, Demo(), Grant, ("scope", "invoices.read"), ("organization", "acme"));
        var json = await TokenReplica.JsonAsync(response);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
        Assert.Equal("no-cache", response.Headers.Pragma.ToString());
        Assert.Equal(["access_token", "token_type", "expires_in", "scope"], json.EnumerateObject().Select(p => p.Name));
        Assert.Equal("Bearer", json.GetProperty("token_type").GetString());
        Assert.Equal(300, json.GetProperty("expires_in").GetInt64());
        Assert.Equal("invoices.read", json.GetProperty("scope").GetString());
        var claims = Claims(json);
        Assert.Equal("https://iam.example/realms/demo", claims.GetProperty("iss").GetString());
        Assert.Equal("demo-service", claims.GetProperty("sub").GetString());
        Assert.Equal("client", claims.GetProperty("sub_type").GetString());
        Assert.Equal("demo-service", claims.GetProperty("client_id").GetString());
        Assert.Equal(TestRealm.Api, claims.GetProperty("aud").GetString());
        Assert.Equal("acme", claims.GetProperty("organization_id").GetString());
        Assert.Equal("demo", claims.GetProperty("realm_id").GetString());
        Assert.Equal("invoices.read", claims.GetProperty("scope").GetString());
        Assert.Equal(fixture.Clock.GetUtcNow().ToUnixTimeSeconds(), claims.GetProperty("iat").GetInt64());
        Assert.Equal(fixture.Clock.GetUtcNow().ToUnixTimeSeconds() + 300, claims.GetProperty("exp").GetInt64());
        Assert.Equal(32, claims.GetProperty("jti").GetString()!.Length);
    }

    public static TheoryData<string, string, string?, string?, string> Grants => new()
    {
        { "no scope asked for: all that it is registered for", "", null, null, "invoices.read invoices.create files.read bookkeeping | https://api.demo.example https://files.demo.example" },
        { "some not registered", "scope=invoices.read payments.refund", null, null, "invoices.read | https://api.demo.example" },
        { "one asked for twice", "scope=invoices.read invoices.read", null, null, "invoices.read | https://api.demo.example" },
        { "a bundle", "scope=bookkeeping", null, null, "bookkeeping | https://api.demo.example" },
        { "an audience drops scopes of others", "scope=invoices.read files.read", TestRealm.Files, null, "files.read | https://files.demo.example" },
        { "a resource does too", "scope=invoices.read files.read", null, TestRealm.Api, "invoices.read | https://api.demo.example" },
        { "both alike", "scope=files.read", TestRealm.Files, TestRealm.Files, "files.read | https://files.demo.example" },
    };

    [Theory]
    [MemberData(nameof(Grants))]
    public async Task Grants_scopes_and_audiences(string what, string scope, string? audience, string? resource, string expected)
    {
        Assert.NotEmpty(what);
        List<(string, string)> form = [Grant];
        Add("scope", scope.Length > 0 ? scope["scope=".Length..] : null);
        Add("audience", audience);
        Add("resource", resource);

        using var response = await Service.PostAsync(Path, Demo(), [.. form]);
        var json = await TokenReplica.JsonAsync(response);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var aud = Claims(json).GetProperty("aud");
        var audiences = aud.ValueKind == JsonValueKind.String ? [aud.GetString()] : aud.EnumerateArray().Select(a => a.GetString());
        Assert.Equal(expected, $"{json.GetProperty("scope").GetString()} | {string.Join(' ', audiences)}");

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                form.Add((name, value));
            }
        }
    }

    [Fact]
    public async Task Takes_the_credentials_from_the_body_too_and_the_clients_own_lifetime()
    {
        using var response = await Service.PostAsync(Path, null, Grant, ("client_id", "short-lived"), ("client_secret", TestRealm.ServiceSecret));

        Assert.Equal(10, (await TokenReplica.JsonAsync(response)).GetProperty("expires_in").GetInt64());
    }

    [Fact]
    public async Task Takes_a_client_id_beside_Basic_where_it_is_the_same()
    {
        using var same = await Service.PostAsync(Path, Demo(), Grant, ("client_id", "demo-service"));
        using var other = await Service.PostAsync(Path, Demo(), Grant, ("client_id", "demo-api"));

        Assert.Equal(HttpStatusCode.OK, same.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, other.StatusCode);
    }

    [Fact]
    public async Task Decodes_Basic_credentials_as_RFC_6749_section_2_3_1_says()
    {
        using var response = await Service.PostAsync(Path, TokenReplica.Basic("odd client:+%", TestRealm.OddSecret), Grant);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    public static TheoryData<string, string, int, string> Refusals => new()
    {
        { "no grant type", "scope=invoices.read", 400, "invalid_request" },
        { "an unknown grant type", "grant_type=magic", 400, "unsupported_grant_type" },
        { "a grant that we do not offer", "grant_type=password", 400, "unsupported_grant_type" },
        { "none of the scopes registered", "grant_type=client_credentials&scope=payments.refund", 400, "invalid_scope" },
        { "an unknown scope", "grant_type=client_credentials&scope=nothing.such", 400, "invalid_scope" },
        { "a scope with a quote", "grant_type=client_credentials&scope=%22", 400, "invalid_scope" },
        { "a scope with other letters", "grant_type=client_credentials&scope=%C3%A4", 400, "invalid_scope" },
        { "an unknown organization", "grant_type=client_credentials&organization=initech", 400, "invalid_request" },
        { "a disabled organization", "grant_type=client_credentials&organization=closed", 400, "invalid_request" },
        { "an unknown audience", "grant_type=client_credentials&audience=https://nobody.example", 400, "invalid_target" },
        { "an audience of none of the scopes", "grant_type=client_credentials&scope=invoices.read&audience=https://files.demo.example", 400, "invalid_target" },
        { "a relative resource", "grant_type=client_credentials&resource=/api", 400, "invalid_target" },
        { "a resource with a fragment", "grant_type=client_credentials&resource=https://api.demo.example%23x", 400, "invalid_target" },
        { "two resources", "grant_type=client_credentials&resource=https://api.demo.example&resource=https://files.demo.example", 400, "invalid_request" },
        { "resource and audience at odds", "grant_type=client_credentials&resource=https://api.demo.example&audience=https://files.demo.example", 400, "invalid_target" },
        { "a parameter twice", "grant_type=client_credentials&grant_type=client_credentials", 400, "invalid_request" },
        { "broken UTF-8", "grant_type=client_credentials&scope=%FF", 400, "invalid_request" },
        { "two ways to authenticate", "grant_type=client_credentials&client_id=demo-service&client_secret=x", 400, "invalid_request" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Refuses_with_the_error_of_the_standard(string what, string body, int status, string error)
    {
        Assert.NotEmpty(what);
        using var response = await Service.PostRawAsync(Path, Demo(), body);

        await AssertRefusedAsync(response, status, error);
    }

    [Fact]
    public async Task Refuses_a_client_that_is_not_registered_for_the_grant()
    {
        using var response = await Service.PostAsync(Path, TokenReplica.Basic("demo-web", TestRealm.WebSecret), Grant);

        await AssertRefusedAsync(response, 400, "unauthorized_client");
    }

    [Fact]
    public async Task Unknown_client_wrong_secret_disabled_and_public_client_answer_identically()
    {
        List<string> answers = [];
        foreach (var (clientId, secret) in new[]
        {
            ("nobody", TestRealm.ServiceSecret), ("demo-service", "wrong"), ("demo-service", TestRealm.OldSecret), ("demo-service", TestRealm.ApiSecret),
            ("disabled", TestRealm.ServiceSecret), ("demo-spa", "x"), ("demo-spa", ""), ("DEMO-SERVICE", TestRealm.ServiceSecret), ("\u00e4", "\u00e4"),
        })
        {
            using var response = await Service.PostAsync(Path, TokenReplica.Basic(clientId, secret), Grant);
            answers.Add($"{(int)response.StatusCode} {response.Headers.WwwAuthenticate} {response.Headers.CacheControl} {await response.Content.ReadAsStringAsync()}");
        }

        Assert.Equal(
            ["""401 Basic realm="oauth2", charset="UTF-8" no-store {"error":"invalid_client","error_description":"Client authentication failed."}"""],
            answers.Distinct());
    }

    [Theory]
    [InlineData("Basic", "")]
    [InlineData("Basic", "!!!")]
    [InlineData("Basic", "bm9jb2xvbg==")]
    [InlineData("Basic", "OnNlY3JldA==")]
    [InlineData("Basic", "JUZGOng=")]
    [InlineData("Bearer", "abc")]
    [InlineData("Digest", "username=x")]
    public async Task Refuses_malformed_and_other_credentials_as_invalid_client(string scheme, string parameter)
    {
        using var response = await Service.PostAsync(Path, new(scheme, parameter), Grant);

        await AssertRefusedAsync(response, 401, "invalid_client");
    }

    [Fact]
    public async Task Refuses_a_request_without_credentials()
    {
        using var nothing = await Service.PostAsync(Path, null, Grant);
        using var onlyId = await Service.PostAsync(Path, null, Grant, ("client_id", "demo-service"));
        using var onlySecret = await Service.PostAsync(Path, null, Grant, ("client_secret", TestRealm.ServiceSecret));

        await AssertRefusedAsync(nothing, 401, "invalid_client");
        await AssertRefusedAsync(onlyId, 401, "invalid_client");
        await AssertRefusedAsync(onlySecret, 401, "invalid_client");
    }

    internal static async Task AssertRefusedAsync(HttpResponseMessage response, int status, string error)
    {
        var json = await TokenReplica.JsonAsync(response);
        Assert.Equal((status, error), ((int)response.StatusCode, json.GetProperty("error").GetString()));
        Assert.Equal(["error", "error_description"], json.EnumerateObject().Select(p => p.Name));
        Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
        Assert.Equal(status == 401, response.Headers.WwwAuthenticate.Count > 0);
    }

    private static System.Net.Http.Headers.AuthenticationHeaderValue Demo() => TokenReplica.Basic("demo-service", TestRealm.ServiceSecret);

    private static JsonElement Claims(JsonElement response)
    {
        var payload = response.GetProperty("access_token").GetString()!.Split('.')[1];
        using var document = JsonDocument.Parse(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(payload)));
        return document.RootElement.Clone();
    }
}
