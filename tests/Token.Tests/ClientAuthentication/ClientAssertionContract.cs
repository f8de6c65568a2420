using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Grpc.Core;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;
using Testing.Databases;
using Token.Tests.Authorization;
using Token.Tests.Hosting;
using Token.Tests.OAuth;
using Wire = Pltfrms.Iam.Token.V1;

namespace Token.Tests.ClientAuthentication;

/// <summary>RFC 7523 client authentication, with the negative list of the FAPI 2.0 conformance modules, on either engine and through two replicas.</summary>
public abstract class ClientAssertionContract(TestDatabase database) : IAsyncLifetime
{
    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private const string TokenPath = "/realms/demo/oauth2/token";

    private static readonly ClientKey Key = ClientKey.Of("ES256", "first");
    private static readonly ClientKey Strong = ClientKey.Of("ES384", "second");
    private static readonly ClientKey Rsa = ClientKey.Of("PS256", "third");
    private static readonly ClientKey OldRsa = ClientKey.Of("RS256", "fourth");
    private static readonly ClientKey Foreign = ClientKey.Of("ES256", "first");

    private FlowBench _bench = null!;

    public async Task InitializeAsync()
    {
        if (PostgresInstallation.SkipReason is not null && database is not SqliteTestDatabase)
        {
            return;
        }

        _bench = await FlowBench.StartAsync(database);
        foreach (var realmId in new[] { "demo", "other" })
        {
            var signer = TestRealm.Client(realmId, "signer", [IamPermissions.TokensIntrospect], TestRealm.ServiceSecret) with
            {
                ClientType = ClientType.Web,
                GrantTypes = ["client_credentials", "authorization_code", "urn:ietf:params:oauth:grant-type:device_code"],
                RedirectUris = [FlowBench.Callback],
                Jwks = ClientKey.SetOf(Key, Strong, Rsa, OldRsa),
            };
            var revision = _bench.Realms.Change(
                realmId,
                signer,
                signer with { ClientId = "twin", Secrets = [] },
                signer with { ClientId = "off", Disabled = true },
                signer with { ClientId = "shown", ClientType = ClientType.Public, Secrets = [] },
                TestRealm.Binding(realmId, "b-signer", MemberType.Client, "signer", IamPermissions.ResourceServerRole, null));
            await Task.WhenAll(_bench.One.ReachAsync(realmId, revision), _bench.Two.ReachAsync(realmId, revision));
        }
    }

    public async Task DisposeAsync()
    {
        if (_bench is not null)
        {
            await _bench.DisposeAsync();
        }
    }

    [StorageFact]
    public async Task A_signed_assertion_is_as_good_as_a_secret_at_every_endpoint()
    {
        foreach (var key in new[] { Key, Strong, Rsa })
        {
            using var issued = await PostAsync(TokenPath, key.Sign([], Claims()), ("grant_type", "client_credentials"));
            Assert.True(issued.IsSuccessStatusCode, $"{key.Algorithm}: {await issued.Content.ReadAsStringAsync()}");
        }

        foreach (var (path, status, form) in new (string, int, (string, string)[])[]
        {
            ("/realms/demo/oauth2/introspect", 200, [("token", "x")]),
            ("/realms/demo/oauth2/revoke", 200, [("token", "x")]),
            ("/realms/demo/oauth2/par", 201, [.. FlowBench.Parameters("signer").Select(p => (p.Key, p.Value))]),
            ("/realms/demo/oauth2/device_authorization", 200, [("client_id", "signer")]),
        })
        {
            using var answer = await PostAsync(path, Key.Sign(new JsonObject { ["typ"] = "client-authentication+jwt" }, Claims()), form);
            Assert.True((int)answer.StatusCode == status, $"{path}: {await answer.Content.ReadAsStringAsync()}");
        }
    }

    [StorageFact]
    public async Task So_it_is_over_grpc_with_or_without_the_client_named_beside()
    {
        foreach (var clientId in new[] { "signer", "" })
        {
            var request = new Wire.IssueTokenRequest { RealmId = "demo", ClientId = clientId, ClientAssertion = Key.Sign([], Claims()), ClientCredentials = new() };
            Assert.NotEmpty((await _bench.One.Tokens.IssueTokenAsync(request)).AccessToken);
            Assert.Equal((StatusCode.Unauthenticated, "INVALID_CLIENT"), await Refusals.OfAsync(_bench.Two.Tokens.IssueTokenAsync(request)));
        }

        var other = new Wire.IssueTokenRequest { RealmId = "demo", ClientId = "twin", ClientAssertion = Key.Sign([], Claims()), ClientCredentials = new() };
        var both = new Wire.IssueTokenRequest { RealmId = "demo", ClientSecret = TestRealm.ServiceSecret, ClientAssertion = Key.Sign([], Claims()), ClientCredentials = new() };
        Assert.Equal((StatusCode.Unauthenticated, "INVALID_CLIENT"), await Refusals.OfAsync(_bench.One.Tokens.IssueTokenAsync(other)));
        Assert.Equal((StatusCode.InvalidArgument, "INVALID_REQUEST"), await Refusals.OfAsync(_bench.One.Tokens.IssueTokenAsync(both)));
    }

    [StorageFact]
    public async Task An_assertion_counts_once_wherever_and_with_whatever_expiry_it_comes_again()
    {
        var assertion = Key.Sign([], Claims("once"));
        await AssertGoodAsync(assertion);

        await AssertBadAsync(assertion, "the same again");
        using (var elsewhere = await PostAsync(_bench.Two, TokenPath, assertion, ("grant_type", "client_credentials")))
        {
            await TokenEndpointTests.AssertRefusedAsync(elsewhere, 401, "invalid_client");
        }

        await AssertBadAsync(Key.Sign([], With(Claims("once"), "exp", Now() + 400)), "the same id with another expiry");
        await AssertBadAsync(Strong.Sign([], Claims("once")), "the same id with another key");
        await AssertGoodAsync(Key.Sign([], With(With(Claims("once"), "iss", "twin"), "sub", "twin")));
        await AssertGoodAsync(Key.Sign([], Claims("another")));
    }

    [StorageFact]
    public async Task Of_many_that_present_one_assertion_at_once_one_is_believed()
    {
        var assertion = Key.Sign([], Claims());
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var sending = Enumerable.Range(0, 32).Select(async i =>
        {
            await start.Task;
            using var response = await PostAsync(i % 2 == 0 ? _bench.One : _bench.Two, TokenPath, assertion, ("grant_type", "client_credentials"));
            return response.StatusCode;
        }).ToList();

        start.SetResult();
        var statuses = await Task.WhenAll(sending);

        Assert.Single(statuses, HttpStatusCode.OK);
        Assert.Equal(31, statuses.Count(status => status == HttpStatusCode.Unauthorized));
    }

    [StorageFact]
    public async Task Clocks_may_differ_by_seconds()
    {
        foreach (var (name, seconds) in new[] { ("nbf", 8), ("iat", 10), ("exp", 1), ("exp", 3600), ("iat", -3599) })
        {
            await AssertGoodAsync(Key.Sign([], With(Claims(), name, Now() + seconds)));
        }
    }

    [StorageFact]
    public async Task A_bad_assertion_is_refused_like_a_wrong_secret()
    {
        foreach (var (what, assertion) in Bad())
        {
            await AssertBadAsync(assertion, what);
        }
    }

    [StorageFact]
    public async Task Without_the_type_with_another_method_or_for_another_client_it_is_no_authentication()
    {
        using var noType = await _bench.One.PostAsync(TokenPath, null, ("grant_type", "client_credentials"), ("client_assertion", Key.Sign([], Claims())));
        using var otherType = await _bench.One.PostAsync(
            TokenPath, null, ("grant_type", "client_credentials"), ("client_assertion", Key.Sign([], Claims())), ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"));
        using var noAssertion = await _bench.One.PostAsync(TokenPath, null, ("grant_type", "client_credentials"), ("client_assertion_type", AssertionType), ("client_id", "signer"));
        using var secretToo = await PostAsync(TokenPath, Key.Sign([], Claims()), ("grant_type", "client_credentials"), ("client_id", "signer"), ("client_secret", TestRealm.ServiceSecret));
        using var basicToo = await _bench.One.PostAsync(
            TokenPath,
            TokenReplica.Basic("signer", TestRealm.ServiceSecret),
            ("grant_type", "client_credentials"), ("client_assertion", Key.Sign([], Claims())), ("client_assertion_type", AssertionType));
        using var otherClient = await PostAsync(TokenPath, Key.Sign([], Claims()), ("grant_type", "client_credentials"), ("client_id", "twin"));
        using var secretless = await _bench.One.PostAsync(TokenPath, null, ("grant_type", "client_credentials"), ("client_id", "twin"));

        foreach (var refused in new[] { noType, otherType, noAssertion, secretless })
        {
            await TokenEndpointTests.AssertRefusedAsync(refused, 401, "invalid_client");
        }

        foreach (var refused in new[] { secretToo, basicToo, otherClient })
        {
            await TokenEndpointTests.AssertRefusedAsync(refused, 400, "invalid_request");
        }
    }

    [StorageFact]
    public async Task A_public_client_that_claims_to_prove_something_must()
    {
        var claims = With(With(Claims(), "iss", "shown"), "sub", "shown");
        (string, string)[] form = [.. FlowBench.Parameters("shown").Select(p => (p.Key, p.Value))];

        using var good = await PostAsync("/realms/demo/oauth2/par", Key.Sign([], claims), form);
        using var bad = await PostAsync("/realms/demo/oauth2/par", Foreign.Sign([], claims), form);

        Assert.Equal(HttpStatusCode.Created, good.StatusCode);
        await TokenEndpointTests.AssertRefusedAsync(bad, 401, "invalid_client");
    }

    private IEnumerable<(string What, string Assertion)> Bad() =>
    [
        ("unsigned", $"{Encode("""{"alg":"none"}""")}.{Encode(Claims().ToJsonString())}."),
        ("HS256 with the secret", Hmac(Claims())),
        ("RS256, though the key is for it", OldRsa.Sign([], Claims())),
        ("PS256 with a key for RS256", OldRsa.Sign(new JsonObject { ["alg"] = "PS256" }, Claims())),
        ("another's key", Foreign.Sign([], Claims())),
        ("a key that comes along, private half and all", Foreign.Sign(new JsonObject { ["kid"] = null, ["jwk"] = With((JsonObject)Foreign.Jwk.DeepClone(), "d", "AA") }, Claims())),
        ("a request object's type", Key.Sign(new JsonObject { ["typ"] = "oauth-authz-req+jwt" }, Claims())),
        ("an access token's type", Key.Sign(new JsonObject { ["typ"] = "at+jwt" }, Claims())),
        ("a critical extension", Key.Sign(new JsonObject { ["crit"] = new JsonArray("exp") }, Claims())),
        ("no iss", Key.Sign([], With(Claims(), "iss", null))),
        ("another iss", Key.Sign([], With(Claims(), "iss", "twin"))),
        ("no sub", Key.Sign([], With(Claims(), "sub", null))),
        ("an empty sub", Key.Sign([], With(Claims(), "sub", ""))),
        ("another sub", Key.Sign([], With(Claims(), "sub", "demo-web"))),
        ("nobody", Key.Sign([], With(With(Claims(), "sub", "nobody"), "iss", "nobody"))),
        ("a disabled client", Key.Sign([], With(With(Claims(), "sub", "off"), "iss", "off"))),
        ("no aud", Key.Sign([], With(Claims(), "aud", null))),
        ("a list as aud", Key.Sign([], With(Claims(), "aud", new JsonArray(FlowBench.Issuer)))),
        ("the token endpoint as aud", Key.Sign([], With(Claims(), "aud", FlowBench.Issuer + "/oauth2/token"))),
        ("the PAR endpoint as aud", Key.Sign([], With(Claims(), "aud", FlowBench.Issuer + "/oauth2/par"))),
        ("a slash more in aud", Key.Sign([], With(Claims(), "aud", FlowBench.Issuer + "/"))),
        ("another realm as aud", Key.Sign([], With(Claims(), "aud", FlowBench.PublicAddress + "/realms/other"))),
        ("no exp", Key.Sign([], With(Claims(), "exp", null))),
        ("expired five minutes ago", Key.Sign([], With(Claims(), "exp", Now() - 300))),
        ("expired now", Key.Sign([], With(Claims(), "exp", Now()))),
        ("valid for more than an hour", Key.Sign([], With(Claims(), "exp", Now() + 3661))),
        ("an exp that is a text", Key.Sign([], With(Claims(), "exp", $"{Now() + 60}"))),
        ("nbf more than a minute ahead", Key.Sign([], With(Claims(), "nbf", Now() + 61))),
        ("iat more than a minute ahead", Key.Sign([], With(Claims(), "iat", Now() + 61))),
        ("made hours ago", Key.Sign([], With(Claims(), "iat", Now() - 7200))),
        ("no jti", Key.Sign([], With(Claims(), "jti", null))),
        ("an empty jti", Key.Sign([], With(Claims(), "jti", ""))),
        ("a number as jti", Key.Sign([], With(Claims(), "jti", 1))),
        ("a long jti", Key.Sign([], With(Claims(), "jti", new string('x', 256)))),
        ("deep JSON", Key.Sign("""{"alg":"ES256"}""", Claims().ToJsonString()[..^1] + $",\"x\":{new string('[', 500)}{new string(']', 500)}}}")),
        ("a claim twice", Key.Sign("""{"alg":"ES256"}""", Claims().ToJsonString()[..^1] + ",\"jti\":\"two\"}")),
        ("half a character", Key.Sign("""{"alg":"ES256"}""", Claims().ToJsonString()[..^1] + ",\"x\":\"\\ud800\"}")),
        ("garbage", "a.b.c"),
        ("nothing like it", "garbage"),
    ];

    private long Now() => _bench.Clock.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>Each with an id of its own: the tests of the class share a database.</summary>
    private JsonObject Claims(string? id = null) => new()
    {
        ["iss"] = "signer",
        ["sub"] = "signer",
        ["aud"] = FlowBench.Issuer,
        ["exp"] = Now() + 60,
        ["iat"] = Now(),
        ["jti"] = id ?? $"{Guid.NewGuid()}",
    };

    private static JsonObject With(JsonObject claims, string name, JsonNode? value)
    {
        claims.Remove(name);
        if (value is not null)
        {
            claims[name] = value;
        }

        return claims;
    }

    private static string Encode(string text) => ClientKey.Encode(Encoding.UTF8.GetBytes(text));

    private static string Hmac(JsonObject claims)
    {
        var signed = $"{Encode("""{"alg":"HS256"}""")}.{Encode(claims.ToJsonString())}";
        return $"{signed}.{ClientKey.Encode(HMACSHA256.HashData(Encoding.UTF8.GetBytes(TestRealm.ServiceSecret), Encoding.ASCII.GetBytes(signed)))}";
    }

    private async Task AssertGoodAsync(string assertion)
    {
        using var response = await PostAsync(TokenPath, assertion, ("grant_type", "client_credentials"));
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private async Task AssertBadAsync(string assertion, string what)
    {
        using var response = await PostAsync(TokenPath, assertion, ("grant_type", "client_credentials"));
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(
            response.StatusCode == HttpStatusCode.Unauthorized && body == """{"error":"invalid_client","error_description":"Client authentication failed."}""",
            $"{what}: {response.StatusCode} {body}");
    }

    private Task<HttpResponseMessage> PostAsync(string path, string assertion, params (string Name, string Value)[] form) => PostAsync(_bench.One, path, assertion, form);

    private static Task<HttpResponseMessage> PostAsync(TokenReplica replica, string path, string assertion, params (string Name, string Value)[] form) =>
        replica.PostAsync(path, null, [.. form, ("client_assertion_type", AssertionType), ("client_assertion", assertion)]);
}

public sealed class SqliteClientAssertionTests(SqliteTokenDatabase database) : ClientAssertionContract(database), IClassFixture<SqliteTokenDatabase>;

[NeedsPostgres]
public sealed class PostgresClientAssertionTests(PostgresTokenDatabase database) : ClientAssertionContract(database), IClassFixture<PostgresTokenDatabase>;
