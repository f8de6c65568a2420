using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.Assertions;
using Token.Tests.Authorization;
using Token.Tests.ClientAuthentication;
using Token.Tests.Hosting;

namespace Token.Tests.Assertions;

/// <summary>What no assertion gives, and to whom.</summary>
public sealed class AssertionRefusalTests(SqliteTokenDatabase database) : IClassFixture<SqliteTokenDatabase>, IAsyncLifetime
{
    private static readonly ClientKey Key = AssertionBench.Key;
    private static readonly ClientKey Foreign = ClientKey.Of("ES256", "first");
    private static readonly ClientKey Rsa = ClientKey.Of("PS256", "rsa");
    private static readonly ClientKey OldRsa = ClientKey.Of("RS256", "old");
    private static readonly ClientKey Neighbour = ClientKey.Of("ES256", "neighbour");

    private AssertionBench _bench = null!;

    public async Task InitializeAsync()
    {
        _bench = await AssertionBench.StartAsync(database);
        await _bench.SetAsync(
            AssertionBench.Registered with { Jwks = ClientKey.SetOf(Key, Rsa, OldRsa) },
            AssertionBench.Registered with { Name = "neighbour", Issuer = "https://neighbour.example", Jwks = ClientKey.SetOf(Neighbour) },
            AssertionBench.Registered with { Name = "away", Issuer = "https://away.example", Jwks = ClientKey.SetOf(Key), Disabled = true },
            AssertionBench.Trusted);
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task A_bad_assertion_is_an_invalid_grant()
    {
        foreach (var (what, assertion) in Bad())
        {
            var error = await _bench.RefusalAsync(assertion);
            Assert.True(error == "invalid_grant", $"{what}: {error}");
        }
    }

    [Fact]
    public async Task Without_an_assertion_or_with_one_that_is_too_long_the_request_is_invalid()
    {
        using var none = await _bench.Flow.One.PostAsync(
            "/realms/demo/oauth2/token", TokenReplica.Basic(AssertionBench.Presenter, TestRealm.ServiceSecret), ("grant_type", JwtBearerGrant.Name));

        Assert.Equal("invalid_request", AssertionBench.ErrorOf(await TokenReplica.JsonAsync(none)));
        Assert.Equal("invalid_request", await _bench.RefusalAsync(Key.Sign([], With("padding", new string('x', 16 * 1024)))));
        await _bench.IssueAsync(Key.Sign([], With("padding", new string('x', 8 * 1024))));
    }

    [Fact]
    public async Task Only_clients_that_are_named_prove_themselves_and_have_the_grant_present_assertions()
    {
        var stranger = await _bench.TryAsync("stranger", _bench.Good());
        var withoutGrant = await _bench.TryAsync("no-grant", _bench.Good());
        using var shown = await _bench.Flow.One.PostAsync(
            "/realms/demo/oauth2/token", null, ("grant_type", JwtBearerGrant.Name), ("client_id", "shown"), ("assertion", _bench.Good()));
        using var nobody = await _bench.Flow.One.PostAsync(
            "/realms/demo/oauth2/token", TokenReplica.Basic(AssertionBench.Presenter, "wrong"), ("grant_type", JwtBearerGrant.Name), ("assertion", _bench.Good()));

        Assert.Equal("invalid_grant", AssertionBench.ErrorOf(stranger));
        Assert.Equal("unauthorized_client", AssertionBench.ErrorOf(withoutGrant));
        Assert.Equal("unauthorized_client", AssertionBench.ErrorOf(await TokenReplica.JsonAsync(shown)));
        Assert.Equal("invalid_client", AssertionBench.ErrorOf(await TokenReplica.JsonAsync(nobody)));
    }

    [Fact]
    public async Task What_a_stranger_presents_is_not_used_up()
    {
        var assertion = _bench.Good();

        Assert.Equal("invalid_grant", AssertionBench.ErrorOf(await _bench.TryAsync("stranger", assertion)));
        await _bench.IssueAsync(assertion);
    }

    [Fact]
    public async Task Scopes_are_at_most_the_registrations_the_clients_and_the_pipelines()
    {
        Assert.Equal("invalid_scope", await _bench.RefusalAsync(_bench.Good(), ("scope", "invoices.approve")));
        Assert.Equal("invalid_scope", await _bench.RefusalAsync(_bench.Good(), ("scope", "invoices.read payments.refund")));
        Assert.Equal("invalid_scope", await _bench.RefusalAsync(_bench.Good(), ("scope", "no.such")));
        // A part of a bundle is less than the bundle.
        Assert.Equal("invoices.create", (await _bench.TryAsync(_bench.Good(), ("scope", "invoices.create"))).GetProperty("scope").GetString());
        Assert.Equal("bookkeeping files.read invoices.read", (await _bench.TryAsync(_bench.Good())).GetProperty("scope").GetString());

        await _bench.ChangeAsync("demo", AssertionBench.Client(AssertionBench.Presenter) with { Scopes = ["files.read"] });
        Assert.Equal("files.read", (await _bench.TryAsync(_bench.Good())).GetProperty("scope").GetString());
        await _bench.SetAsync(realm => realm with
        {
            ScopePipeline = new() { ScopePolicies = [new() { GrantType = "", Mode = ScopePolicyMode.AlwaysOverwrite, DefaultScopes = ["invoices.create", "invoices.approve"] }] },
        });
        Assert.Equal("invalid_scope", await _bench.RefusalAsync(_bench.Good()));
    }

    [Fact]
    public async Task The_realms_conditions_decide_by_the_users_own_roles()
    {
        await _bench.SetAsync(realm => realm with
        {
            ScopePipeline = new() { Conditions = [new() { Name = "roles", Scopes = ["*"], Role = new() { Sources = [RoleSource.Bindings] } }] },
        });

        Assert.Equal("bookkeeping invoices.read", (await _bench.TryAsync(_bench.Good("sub-alice"), ("organization", "acme"))).GetProperty("scope").GetString());
        Assert.Equal("invalid_scope", await _bench.RefusalAsync(_bench.Good("sub-alice"), ("organization", "globex")));
    }

    [Fact]
    public async Task Audiences_are_those_of_the_scopes()
    {
        var claims = await _bench.IntrospectAsync(await _bench.IssueAsync(_bench.Good(), ("resource", TestRealm.Files)));

        Assert.Equal(("files.read", TestRealm.Files), (claims.GetProperty("scope").GetString(), claims.GetProperty("aud").GetString()));
        Assert.Equal("invalid_target", await _bench.RefusalAsync(_bench.Good(), ("scope", "invoices.read"), ("audience", TestRealm.Files)));
    }

    [Fact]
    public async Task Organizations_are_those_of_the_registration_and_those_below()
    {
        await _bench.SetAsync(AssertionBench.Registered with { OrganizationIds = ["acme"] });

        foreach (var organizationId in new[] { "acme", "acme-retail" })
        {
            var claims = await _bench.IntrospectAsync(await _bench.IssueAsync(_bench.Good(), ("organization", organizationId)));
            Assert.Equal(organizationId, claims.GetProperty("organization_id").GetString());
        }

        Assert.Equal("invalid_grant", await _bench.RefusalAsync(_bench.Good()));
        Assert.Equal("invalid_grant", await _bench.RefusalAsync(_bench.Good(), ("organization", "globex")));
        Assert.Equal("invalid_request", await _bench.RefusalAsync(_bench.Good(), ("organization", "closed")));
    }

    [Fact]
    public async Task A_token_lasts_no_longer_than_the_issuer_may_give()
    {
        await _bench.SetAsync(AssertionBench.Registered with { MaxLifetime = TimeSpan.FromSeconds(90), MaxAssertionLifetime = TimeSpan.FromSeconds(30) });

        Assert.Equal(90, (await _bench.TryAsync(Key.Sign([], With("exp", _bench.Now() + 30)))).GetProperty("expires_in").GetInt64());
        Assert.Equal("invalid_grant", await _bench.RefusalAsync(Key.Sign([], With("exp", _bench.Now() + 31))));
    }

    [Fact]
    public async Task A_realm_that_takes_nobodys_word_does_not_know_the_grant()
    {
        await _bench.SetAsync(AssertionBench.Registered with { Disabled = true });
        Assert.Equal("unsupported_grant_type", await _bench.RefusalAsync(_bench.Good()));

        await _bench.SetAsync([]);
        Assert.Equal("unsupported_grant_type", await _bench.RefusalAsync(_bench.Good()));
    }

    private IEnumerable<(string What, string Assertion)> Bad() =>
    [
        ("unsigned", $"{Encode("""{"alg":"none"}""")}.{Encode(_bench.Claims().ToJsonString())}."),
        ("unsigned with a type and a signature", $"{Encode("""{"alg":"none","typ":"JWT"}""")}.{Encode(_bench.Claims().ToJsonString())}.AAAA"),
        ("an HMAC with the public key", Hmac(_bench.Claims())),
        ("RS256 where it is not registered", OldRsa.Sign([], _bench.Claims())),
        ("RS256 with a key for PS256", Rsa.Sign(new JsonObject { ["alg"] = "RS256" }, _bench.Claims())),
        ("PS256 with a key for RS256", OldRsa.Sign(new JsonObject { ["alg"] = "PS256" }, _bench.Claims())),
        ("ES256 with a curve for another", Key.Sign(new JsonObject { ["alg"] = "ES384" }, _bench.Claims())),
        ("another's key under the right kid", Foreign.Sign([], _bench.Claims())),
        ("another issuer's key", Neighbour.Sign([], _bench.Claims())),
        ("another issuer's key under the right kid", Neighbour.Sign(new JsonObject { ["kid"] = "first" }, _bench.Claims())),
        ("the key of the issuer under another's kid", Key.Sign(new JsonObject { ["kid"] = "rsa" }, _bench.Claims())),
        ("a kid that nobody has", Key.Sign(new JsonObject { ["kid"] = "fourth" }, _bench.Claims())),
        ("a key that comes along", Foreign.Sign(new JsonObject { ["kid"] = null, ["jwk"] = Foreign.Jwk.DeepClone() }, _bench.Claims())),
        ("a key set that is pointed to", Foreign.Sign(new JsonObject { ["kid"] = null, ["jku"] = "https://evil.example/jwks" }, _bench.Claims())),
        ("an access token's type", Key.Sign(new JsonObject { ["typ"] = "at+jwt" }, _bench.Claims())),
        ("a client assertion's type", Key.Sign(new JsonObject { ["typ"] = "client-authentication+jwt" }, _bench.Claims())),
        ("a logout token's type", Key.Sign(new JsonObject { ["typ"] = "logout+jwt" }, _bench.Claims())),
        ("a critical extension", Key.Sign(new JsonObject { ["crit"] = new JsonArray("exp") }, _bench.Claims())),
        ("no iss", Key.Sign([], With("iss", null))),
        ("an iss that is a list", Key.Sign([], With("iss", new JsonArray(AssertionBench.Partner)))),
        ("an issuer that is not registered", Key.Sign([], With("iss", "https://nobody.example"))),
        ("an issuer with a slash more", Key.Sign([], With("iss", AssertionBench.Partner + "/"))),
        ("an issuer that is disabled", Key.Sign([], With("iss", "https://away.example"))),
        ("another registered issuer", Key.Sign([], With("iss", "https://neighbour.example"))),
        ("a realm as the issuer", Key.Sign([], With("iss", FlowBench.PublicAddress + "/realms/other"))),
        ("the realm itself as the issuer", Key.Sign([], With("iss", FlowBench.Issuer))),
        ("no sub", Key.Sign([], With("sub", null))),
        ("an empty sub", Key.Sign([], With("sub", ""))),
        ("a long sub", Key.Sign([], With("sub", new string('x', 256)))),
        ("no aud", Key.Sign([], With("aud", null))),
        ("a list as aud", Key.Sign([], With("aud", new JsonArray(FlowBench.Issuer)))),
        ("a list of two as aud", Key.Sign([], With("aud", new JsonArray(FlowBench.Issuer, "https://else.example")))),
        ("the token endpoint as aud", Key.Sign([], With("aud", FlowBench.Issuer + "/oauth2/token"))),
        ("the PAR endpoint as aud", Key.Sign([], With("aud", FlowBench.Issuer + "/oauth2/par"))),
        ("a slash more in aud", Key.Sign([], With("aud", FlowBench.Issuer + "/"))),
        ("another realm as aud", Key.Sign([], With("aud", FlowBench.PublicAddress + "/realms/other"))),
        ("no exp", Key.Sign([], With("exp", null))),
        ("an exp that is a text", Key.Sign([], With("exp", $"{_bench.Now() + 60}"))),
        ("an iat that is a text", Key.Sign([], With("iat", $"{_bench.Now()}"))),
        ("no jti", Key.Sign([], With("jti", null))),
        ("an empty jti", Key.Sign([], With("jti", ""))),
        ("a number as jti", Key.Sign([], With("jti", 1))),
        ("a long jti", Key.Sign([], With("jti", new string('x', 256)))),
        ("deep JSON", Key.Sign("""{"alg":"ES256"}""", _bench.Claims().ToJsonString()[..^1] + $",\"x\":{new string('[', 500)}{new string(']', 500)}}}")),
        ("a claim twice", Key.Sign("""{"alg":"ES256"}""", _bench.Claims().ToJsonString()[..^1] + ",\"jti\":\"two\"}")),
        ("half a character", Key.Sign("""{"alg":"ES256"}""", _bench.Claims().ToJsonString()[..^1] + ",\"x\":\"\\ud800\"}")),
        ("five parts", "a.b.c.d.e"),
        ("garbage", "a.b.c"),
        ("nothing like it", "garbage"),
    ];

    private JsonObject With(string name, JsonNode? value) => AssertionBench.With(_bench.Claims(), name, value);

    private static string Encode(string text) => ClientKey.Encode(Encoding.UTF8.GetBytes(text));

    private static string Hmac(JsonObject claims)
    {
        var signed = $"{Encode("""{"alg":"HS256","kid":"first"}""")}.{Encode(claims.ToJsonString())}";
        return $"{signed}.{ClientKey.Encode(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Key.Jwk.ToJsonString()), Encoding.ASCII.GetBytes(signed)))}";
    }
}
