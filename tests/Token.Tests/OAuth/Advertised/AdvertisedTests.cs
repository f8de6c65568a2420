using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.Exchange;
using Pltfrms.Iam.Token.Keys;
using Testing;
using Token.Tests.Authorization;
using Token.Tests.ClientAuthentication;
using Token.Tests.Hosting;
using Answer = Token.Tests.OAuth.Advertised.AdvertisedServer.Answer;

namespace Token.Tests.OAuth.Advertised;

/// <summary>Reads a realm's metadata and calls everything that it advertises, and then what it does not: nothing else answers.</summary>
public sealed class AdvertisedTests(FlowFixture fixture) : IClassFixture<FlowFixture>, IAsyncLifetime
{
    private const string OwnIssuer = "http://login.own.example";
    private const string Client = "demo-web";

    private static readonly Dictionary<string, ClientKey> Keys =
        new[] { "ES256", "ES384", "PS256", "RS256" }.ToDictionary(algorithm => algorithm, algorithm => ClientKey.Of(algorithm, algorithm));

    private static readonly (string, string) AssertionType = ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");

    private static readonly string HmacAssertion = $"{Base64Url.EncodeToString("{\"alg\":\"HS256\"}"u8)}.e30.AA";

    private readonly Dictionary<string, AdvertisedServer> _servers = [];

    private FlowBench Bench => fixture.Bench;

    public static TheoryData<string> Realms => ["demo", "own"];

    public async Task InitializeAsync()
    {
        Bench.Consent.KnowsTheAnswer = true;
        foreach (var (realmId, issuer, hostName) in new[] { ("demo", FlowBench.Issuer, null), ("own", OwnIssuer, "login.own.example") })
        {
            if (realmId == "own")
            {
                Bench.Realms.Set(realmId, TestRealm.Resources(realmId));
            }

            var revision = Bench.Realms.Change(realmId, Changes(realmId, hostName));
            await Bench.One.ReachAsync(realmId, revision);
            _servers[realmId] = await AdvertisedServer.FindAsync(Bench, realmId, issuer);
        }
    }

    public Task DisposeAsync()
    {
        foreach (var server in _servers.Values)
        {
            server.Dispose();
        }

        return Task.CompletedTask;
    }

    [Theory]
    [MemberData(nameof(Realms))]
    public void Every_member_is_one_that_a_test_below_calls(string realmId) => Assert.Equal(
        [
            "access_token_signing_alg_values_supported", "authorization_endpoint", "authorization_response_iss_parameter_supported",
            "code_challenge_methods_supported", "device_authorization_endpoint", "grant_types_supported", "introspection_endpoint",
            "introspection_endpoint_auth_methods_supported", "introspection_endpoint_auth_signing_alg_values_supported", "introspection_signing_alg_values_supported",
            "issuer", "jwks_uri", "prompt_values_supported", "pushed_authorization_request_endpoint", "request_object_signing_alg_values_supported",
            "request_parameter_supported", "request_uri_parameter_supported", "require_pushed_authorization_requests", "require_signed_request_object",
            "response_modes_supported", "response_types_supported", "revocation_endpoint", "revocation_endpoint_auth_methods_supported",
            "revocation_endpoint_auth_signing_alg_values_supported", "token_endpoint", "token_endpoint_auth_methods_supported",
            "token_endpoint_auth_signing_alg_values_supported",
        ],
        _servers[realmId].Metadata.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Realms))]
    public async Task Every_endpoint_is_below_the_issuer_and_answers_its_methods_only(string realmId)
    {
        var server = _servers[realmId];
        var endpoints = server.Metadata.EnumerateObject().Where(member => member.Name.EndsWith("_endpoint", StringComparison.Ordinal) || member.Name == "jwks_uri").ToList();
        Assert.Equal(7, endpoints.Count);
        foreach (var endpoint in endpoints)
        {
            var address = endpoint.Value.GetString()!;
            Assert.StartsWith(server.Issuer + "/", address);
            string[] methods = endpoint.Name switch { "jwks_uri" => ["GET", "HEAD"], "authorization_endpoint" => ["GET", "HEAD", "POST"], _ => ["POST"] };
            foreach (var method in new[] { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND" })
            {
                var status = (await server.SendAsync(new HttpRequestMessage(new HttpMethod(method), address))).Status;
                Assert.True(methods.Contains(method) ? status is not (404 or 405) and < 500 : status == 405, $"{method} {address}: {status}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Realms))]
    public async Task No_other_path_of_the_realm_answers(string realmId)
    {
        var server = _servers[realmId];
        foreach (var path in new[]
        {
            "", "/", "/oauth2", "/oauth2/", "/oauth2/token/", "/oauth2/Token", "/OAUTH2/token", "/oauth2//token", "/oauth2/token/x", "/oauth2/token;x", "/oauth2/token.json",
            "/oauth2/userinfo", "/userinfo", "/oauth2/register", "/oauth2/logout", "/oauth2/keys", "/oauth2/tokens", "/oauth2/introspection", "/oauth2/authorize/consent",
            "/token", "/jwks", "/authorize", "/login", "/connect/token", "/.well-known/openid-configuration", "/.well-known/jwks.json", "/.well-known/oauth-authorization-server/",
            "/.well-known/OAuth-authorization-server", "/.well-known/oauth-protected-resource", "/oauth2/token%2f", "/oauth2%2ftoken", "/%6fauth2/jwks/", "/admin", "/health", "/metrics",
        })
        {
            foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post, HttpMethod.Options })
            {
                var status = (await server.SendAsync(new HttpRequestMessage(method, server.Issuer + path))).Status;
                Assert.True(status == 404, $"{method} {path}: {status}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Realms))]
    public async Task Every_grant_type_gives_a_token_and_no_other_is_known(string realmId)
    {
        var server = _servers[realmId];
        foreach (var grantType in server.List("grant_types_supported"))
        {
            var answer = await GrantAsync(server, grantType);
            Assert.True(answer.Status == 200 && answer.Json.TryGetProperty("access_token", out _), $"{grantType}: {answer.Body}");
        }

        foreach (var grantType in new[]
        {
            "password", "implicit", "urn:ietf:params:oauth:grant-type:jwt-bearer", "urn:ietf:params:oauth:grant-type:saml2-bearer",
            "urn:ietf:params:oauth:grant-type:token-exchange", "urn:openid:params:grant-type:ciba", "device_code", "Client_Credentials", "client_credentials ",
        }.Except(server.List("grant_types_supported")))
        {
            Assert.Equal("unsupported_grant_type", (await GrantAsync(server, grantType)).Error);
        }
    }

    [Theory]
    [MemberData(nameof(Realms))]
    public async Task Every_way_to_authenticate_is_taken_and_no_other(string realmId)
    {
        var server = _servers[realmId];
        foreach (var endpoint in new[] { "token", "introspection", "revocation", "pushed_authorization_request", "device_authorization" }.Select(name => $"{name}_endpoint"))
        {
            // RFC 9126 section 5 and RFC 8628 section 3.1: as at the token endpoint.
            var supported = server.List($"{(endpoint is "introspection_endpoint" or "revocation_endpoint" ? endpoint : "token_endpoint")}_auth_methods_supported");
            foreach (var method in new[] { "client_secret_basic", "client_secret_post", "private_key_jwt", "none", "Bearer", "client_secret_jwt", "tls_client_auth", "self_signed_tls_client_auth" })
            {
                var answer = await AuthenticatedAsync(server, endpoint, method);
                Assert.True(supported.Contains(method) ? answer.Status is 200 or 201 : answer.Status == 401, $"{endpoint} {method}: {answer.Status} {answer.Body}");
            }

            Assert.Empty(supported.Except(["client_secret_basic", "client_secret_post", "private_key_jwt", "none", "Bearer"]));
        }
    }

    [Theory]
    [MemberData(nameof(Realms))]
    public async Task Every_algorithm_of_assertions_is_verified_and_no_other(string realmId)
    {
        var server = _servers[realmId];
        foreach (var endpoint in new[] { "token_endpoint", "introspection_endpoint", "revocation_endpoint" })
        {
            foreach (var algorithm in Keys.Keys)
            {
                var answer = await AuthenticatedAsync(server, endpoint, "private_key_jwt", algorithm);
                Assert.Equal(server.List($"{endpoint}_auth_signing_alg_values_supported").Contains(algorithm) ? 200 : 401, answer.Status);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Realms))]
    public async Task Every_response_type_and_mode_is_answered_and_no_other(string realmId)
    {
        var server = _servers[realmId];
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
        var server = _servers[realmId];
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
        var server = _servers[realmId];
        Assert.Equal((true, false), (server.Metadata.GetProperty("request_parameter_supported").GetBoolean(), server.Metadata.GetProperty("request_uri_parameter_supported").GetBoolean()));
        Assert.Equal(Keys.Keys.Order(StringComparer.Ordinal), server.List("request_object_signing_alg_values_supported").Order(StringComparer.Ordinal));
        foreach (var (_, key) in Keys)
        {
            Assert.Equal("login_required", (await server.AuthorizeAsync(("request", key.Sign([], RequestClaims(server))))).Error);
        }

        foreach (var algorithm in new[] { "none", "HS256", "ES512", "EdDSA", "PS384", "RS512" })
        {
            var answer = await server.AuthorizeAsync(("request", Keys["ES256"].Sign(new JsonObject { ["alg"] = algorithm }, RequestClaims(server))));
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
        var server = _servers[realmId];
        Assert.False(server.Metadata.GetProperty("require_pushed_authorization_requests").GetBoolean());
        Assert.False(server.Metadata.GetProperty("require_signed_request_object").GetBoolean());
        var realm = Changes(realmId, hostName).OfType<Realm>().Single();
        var strict = realm with { SessionSettings = new() { RequirePushedAuthorizationRequests = true, RequireSignedRequestObject = true } };
        await Bench.One.ReachAsync(realmId, Bench.Realms.Change(realmId, strict));
        try
        {
            using var changed = await AdvertisedServer.FindAsync(Bench, realmId, issuer);
            Assert.True(changed.Metadata.GetProperty("require_pushed_authorization_requests").GetBoolean());
            Assert.True(changed.Metadata.GetProperty("require_signed_request_object").GetBoolean());
            Assert.Equal("invalid_request", (await changed.AuthorizeAsync()).Error);
            Assert.Equal("invalid_request_object", (await AuthenticatedAsync(changed, "pushed_authorization_request_endpoint", "client_secret_post")).Error);
        }
        finally
        {
            await Bench.One.ReachAsync(realmId, Bench.Realms.Change(realmId, realm));
        }
    }

    [Theory]
    [MemberData(nameof(Realms))]
    public async Task Introspection_answers_are_signed_as_said_with_a_published_key(string realmId)
    {
        var server = _servers[realmId];
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Text("introspection_endpoint"))
        {
            Headers = { Authorization = TokenReplica.Basic("demo-api", TestRealm.ApiSecret), Accept = { new("application/token-introspection+jwt") } },
            Content = new FormUrlEncodedContent([KeyValuePair.Create("token", "x")]),
        };

        var answer = await server.SendAsync(request);

        var header = JsonNode.Parse(Base64Url.DecodeFromChars(answer.Body.Split('.')[0]))!;
        Assert.Equal(server.List("introspection_signing_alg_values_supported"), [header["alg"]!.GetValue<string>()]);
        Assert.Contains(header["kid"]!.GetValue<string>(), (await server.GetAsync(server.Text("jwks_uri"))).Body);
    }

    [Theory]
    [MemberData(nameof(Realms))]
    public async Task Access_tokens_are_signed_with_each_algorithm_as_said_and_a_published_key(string realmId)
    {
        var server = _servers[realmId];
        foreach (var algorithm in server.List("access_token_signing_alg_values_supported"))
        {
            var client = TestRealm.Client(realmId, $"signs-{algorithm}", ["invoices.read"], TestRealm.ServiceSecret) with { AccessTokenSignedResponseAlg = algorithm };
            await Bench.One.ReachAsync(realmId, Bench.Realms.Change(realmId, client));
            await Bench.One.Services.GetRequiredService<KeyChanges>().ProvideAsync(
                realmId, algorithm, TimeSpan.FromDays(90), TimeSpan.FromMinutes(5), CancellationToken.None);
            Bench.Clock.Advance(TimeSpan.FromSeconds(2));

            var answer = await server.PostAsync(
                server.Text("token_endpoint"), TokenReplica.Basic(client.ClientId, TestRealm.ServiceSecret), ("grant_type", "client_credentials"));

            var header = JsonNode.Parse(Base64Url.DecodeFromChars(answer.Json.GetProperty("access_token").GetString()!.Split('.')[0]))!;
            Assert.Equal(algorithm, header["alg"]!.GetValue<string>());
            Assert.Contains(header["kid"]!.GetValue<string>(), (await server.GetAsync(server.Text("jwks_uri"))).Body);
        }
    }

    private static async Task<Answer> GrantAsync(AdvertisedServer server, string grantType)
    {
        var (token, web) = (server.Text("token_endpoint"), TokenReplica.Basic(Client, TestRealm.WebSecret));
        switch (grantType)
        {
            case "authorization_code":
                return await server.RedeemAsync(await server.CodeAsync());
            case "refresh_token":
                var refresh = (await server.RedeemAsync(await server.CodeAsync())).Json.GetProperty("refresh_token").GetString()!;
                return await server.PostAsync(token, web, ("grant_type", grantType), ("refresh_token", refresh));
            case "urn:ietf:params:oauth:grant-type:device_code":
                return await ConnectAsync(server, grantType);
            case TokenExchangeGrant.Name:
                var own = await server.PostAsync(token, TokenReplica.Basic("exchanger", TestRealm.ServiceSecret), ("grant_type", "client_credentials"));
                return await server.PostAsync(
                    token,
                    TokenReplica.Basic("exchanger", TestRealm.ServiceSecret),
                    ("grant_type", grantType),
                    ("subject_token", own.Json.GetProperty("access_token").GetString()!),
                    ("subject_token_type", "urn:ietf:params:oauth:token-type:access_token"));
            default:
                return await server.PostAsync(token, TokenReplica.Basic("demo-service", TestRealm.ServiceSecret), ("grant_type", grantType), ("scope", "invoices.read"));
        }
    }

    private static async Task<Answer> ConnectAsync(AdvertisedServer server, string grantType)
    {
        var started = (await server.PostAsync(server.Text("device_authorization_endpoint"), null, ("client_id", "demo-tv"), ("scope", "invoices.read"))).Json;
        var form = await server.GetAsync(started.GetProperty("verification_uri_complete").GetString()!);
        var csrfToken = form.Body.Split("name=\"csrf_token\" value=\"")[1].Split('"')[0];
        var entered = await server.PostAsync(
            started.GetProperty("verification_uri").GetString()!, null, ("user_code", started.GetProperty("user_code").GetString()!), ("csrf_token", csrfToken));
        await server.LogInAsync(entered);
        return await server.PostAsync(
            server.Text("token_endpoint"), null, ("client_id", "demo-tv"), ("grant_type", grantType), ("device_code", started.GetProperty("device_code").GetString()!));
    }

    /// <summary>A request that is good but for how the client shows who it is.</summary>
    private static async Task<Answer> AuthenticatedAsync(AdvertisedServer server, string endpoint, string method, string algorithm = "ES256")
    {
        var isPublic = method == "none";
        var (clientId, secret) = endpoint switch
        {
            "introspection_endpoint" => ("demo-api", TestRealm.ApiSecret),
            "device_authorization_endpoint" => isPublic ? ("demo-tv", "") : ("secret-tv", TestRealm.ServiceSecret),
            _ => isPublic ? ("demo-spa", "") : (Client, TestRealm.WebSecret),
        };
        var form = await FormAsync(server, endpoint, clientId);
        var address = server.Text(endpoint);
        return method switch
        {
            "client_secret_basic" => await server.PostAsync(address, TokenReplica.Basic(clientId, secret), form),
            "client_secret_post" => await server.PostAsync(address, null, [.. form, ("client_secret", secret)]),
            "Bearer" => await server.PostAsync(address, new AuthenticationHeaderValue("Bearer", await CredentialAsync(server)), form),
            "private_key_jwt" => await server.PostAsync(address, null, [.. form, AssertionType, ("client_assertion", Assertion(server, clientId, algorithm))]),
            "client_secret_jwt" => await server.PostAsync(address, null, [.. form, AssertionType, ("client_assertion", HmacAssertion)]),
            _ => await server.PostAsync(address, null, form),
        };
    }

    private static string Assertion(AdvertisedServer server, string clientId, string algorithm) => Keys[algorithm].Sign([], new JsonObject
    {
        ["iss"] = clientId,
        ["sub"] = clientId,
        ["aud"] = server.Issuer,
        ["exp"] = new FakeClock().GetUtcNow().ToUnixTimeSeconds() + 60,
        ["jti"] = $"{Guid.NewGuid()}",
    });

    private static async Task<(string, string)[]> FormAsync(AdvertisedServer server, string endpoint, string clientId) => endpoint switch
    {
        "token_endpoint" =>
        [
            ("client_id", clientId), ("grant_type", "authorization_code"), ("redirect_uri", FlowBench.Callback), ("code_verifier", FlowBench.Verifier),
            ("code", (await server.LogInAsync(await server.AuthorizeAsync(("client_id", clientId)))).Parameter("code")!),
        ],
        "pushed_authorization_request_endpoint" => [.. FlowBench.Parameters(clientId).Select(p => (p.Key, p.Value))],
        "device_authorization_endpoint" => [("client_id", clientId), ("scope", "invoices.read")],
        _ => [("client_id", clientId), ("token", "x")],
    };

    private static async Task<string> CredentialAsync(AdvertisedServer server) => (await server.PostAsync(
        server.Text("token_endpoint"), TokenReplica.Basic("demo-api", TestRealm.ApiSecret), ("grant_type", "client_credentials"))).Json.GetProperty("access_token").GetString()!;

    private static JsonObject RequestClaims(AdvertisedServer server)
    {
        var claims = new JsonObject { ["iss"] = Client, ["aud"] = server.Issuer, ["exp"] = new FakeClock().GetUtcNow().ToUnixTimeSeconds() + 600, ["prompt"] = "none" };
        foreach (var (name, value) in FlowBench.Parameters())
        {
            claims[name] = value;
        }

        return claims;
    }

    private static IRealmResource[] Changes(string realmId, string? hostName) =>
    [
        new Realm
        {
            RealmId = realmId,
            HostName = hostName,
            AccessTokenLifetime = TimeSpan.FromMinutes(5),
            AcrValues = ["low", "high"],
            LoginSettings = new() { CustomLoginUri = "https://login.example/start?tenant=1" },
            TokenExchange = hostName is null ? new() : new() { Rules = [new() { Name = "anything" }] },
        },
        TestRealm.Client(realmId, "exchanger", ["invoices.read"], TestRealm.ServiceSecret) with { GrantTypes = ["client_credentials", TokenExchangeGrant.Name] },
        TestRealm.Client(realmId, Client, ["invoices.read"], TestRealm.WebSecret) with
        {
            ClientType = ClientType.Web,
            GrantTypes = ["authorization_code", "refresh_token"],
            RedirectUris = [FlowBench.Callback],
            Jwks = ClientKey.SetOf([.. Keys.Values]),
        },
        TestRealm.Client(realmId, "demo-spa", ["invoices.read"]) with { GrantTypes = ["authorization_code"], RedirectUris = [FlowBench.Callback] },
        TestRealm.Client(realmId, "demo-tv", ["invoices.read"]) with { GrantTypes = ["urn:ietf:params:oauth:grant-type:device_code"] },
        TestRealm.Client(realmId, "secret-tv", ["invoices.read"], TestRealm.ServiceSecret) with
        {
            ClientType = ClientType.Web,
            GrantTypes = ["urn:ietf:params:oauth:grant-type:device_code"],
            Jwks = ClientKey.SetOf([.. Keys.Values]),
        },
        TestRealm.Client(realmId, "demo-api", [IamPermissions.TokensIntrospect], TestRealm.ApiSecret) with { Jwks = ClientKey.SetOf([.. Keys.Values]) },
    ];
}
