using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;
using Token.Tests.Hosting;

namespace Token.Tests.OAuth;

/// <summary>RFC 9701.</summary>
public sealed class SignedIntrospectionTests(TokenServiceFixture fixture) : IClassFixture<TokenServiceFixture>
{
    private const string Path = "/realms/demo/oauth2/introspect";
    private const string Wanted = "application/token-introspection+jwt";

    private TokenReplica Service => fixture.Service;

    [Fact]
    public async Task An_answer_is_signed_for_the_client_that_asks()
    {
        var token = await IssueAsync();
        using var plain = await AskAsync(token, null);
        using var response = await AskAsync(token, Wanted);

        Assert.Equal((HttpStatusCode.OK, Wanted, "no-store"), (response.StatusCode, response.Content.Headers.ContentType?.ToString(), response.Headers.CacheControl!.ToString()));
        var (header, claims) = await VerifyAsync(await response.Content.ReadAsStringAsync());
        Assert.Equal(("ES256", "token-introspection+jwt"), (header.GetProperty("alg").GetString(), header.GetProperty("typ").GetString()));
        Assert.Equal(["iss", "aud", "iat", "token_introspection"], claims.EnumerateObject().Select(claim => claim.Name));
        Assert.Equal(
            ("https://iam.example/realms/demo", "demo-api", fixture.Clock.GetUtcNow().ToUnixTimeSeconds()),
            (claims.GetProperty("iss").GetString(), claims.GetProperty("aud").GetString(), claims.GetProperty("iat").GetInt64()));
        Assert.Equal(await plain.Content.ReadAsStringAsync(), claims.GetProperty("token_introspection").GetRawText());
    }

    [Fact]
    public async Task So_is_the_answer_that_a_token_is_inactive()
    {
        using var response = await AskAsync("garbage", Wanted);

        var (_, claims) = await VerifyAsync(await response.Content.ReadAsStringAsync());
        Assert.Equal("""{"active":false}""", claims.GetProperty("token_introspection").GetRawText());
    }

    [Fact]
    public async Task A_resource_server_is_told_of_tokens_for_itself_only()
    {
        await Service.ReachAsync("demo", fixture.Realms.Change(
            "demo",
            TestRealm.Client("demo", "files-api", [IamPermissions.TokensIntrospect], TestRealm.ApiSecret),
            TestRealm.Binding("demo", "b-files-api", MemberType.Client, "files-api", IamPermissions.ResourceServerRole, null),
            new ResourceServer { RealmId = "demo", Audience = TestRealm.Files, ClientId = "files-api", Permissions = [new() { Name = "files.read" }] }));
        var (invoices, files) = (await IssueAsync(("scope", "invoices.read")), await IssueAsync(("scope", "files.read invoices.read")));

        Assert.Equal((false, true), (await IsActiveAsync(invoices), await IsActiveAsync(files)));

        async Task<bool> IsActiveAsync(string token)
        {
            using var response = await AskAsync(token, Wanted, "files-api");
            var (_, claims) = await VerifyAsync(await response.Content.ReadAsStringAsync());
            return claims.GetProperty("token_introspection").GetProperty("active").GetBoolean();
        }
    }

    [Theory]
    [InlineData("application/token-introspection+jwt", true)]
    [InlineData("Application/Token-Introspection+JWT", true)]
    [InlineData("application/json;q=0.5, application/token-introspection+jwt", true)]
    [InlineData("application/json, application/token-introspection+jwt", true)]
    [InlineData("application/json, application/token-introspection+jwt;q=0.9", false)]
    [InlineData("application/token-introspection+jwt;q=0", false)]
    [InlineData("application/json", false)]
    [InlineData("*/*", false)]
    [InlineData("text/html", false)]
    [InlineData("application/token-introspection+jwt2", false)]
    [InlineData(",,;q=x", false)]
    public async Task Who_accepts_json_more_gladly_gets_json(string accept, bool isSigned)
    {
        using var response = await AskAsync("garbage", accept);

        Assert.Equal((HttpStatusCode.OK, isSigned ? Wanted : "application/json"), (response.StatusCode, response.Content.Headers.ContentType?.ToString()));
    }

    [Fact]
    public async Task A_refusal_is_json()
    {
        using var response = await AskAsync("garbage", Wanted, "demo-service");

        Assert.Equal((HttpStatusCode.Forbidden, "application/json"), (response.StatusCode, response.Content.Headers.ContentType?.ToString()));
    }

    [Fact]
    public async Task A_signed_answer_is_no_access_token()
    {
        using var response = await AskAsync(await IssueAsync(), Wanted);

        Assert.Equal("""{"active":false}""", await Service.IntrospectAsync("demo", await response.Content.ReadAsStringAsync()));
    }

    private Task<string> IssueAsync(params (string Name, string Value)[] parameters) =>
        Service.IssueAsync("demo", "demo-service", TestRealm.ServiceSecret, parameters);

    private async Task<HttpResponseMessage> AskAsync(string token, string? accept, string clientId = "demo-api")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new FormUrlEncodedContent([KeyValuePair.Create("token", token)]) };
        request.Headers.Authorization = TokenReplica.Basic(clientId, clientId == "demo-service" ? TestRealm.ServiceSecret : TestRealm.ApiSecret);
        if (accept is not null)
        {
            Assert.True(request.Headers.TryAddWithoutValidation("Accept", accept));
        }

        return await Service.Http.SendAsync(request);
    }

    /// <summary>Header and claims, once the published key has verified them.</summary>
    private async Task<(JsonElement Header, JsonElement Claims)> VerifyAsync(string jwt)
    {
        var parts = jwt.Split('.');
        var header = Json(parts[0]);
        using var keys = JsonDocument.Parse(await Service.Http.GetStringAsync("/realms/demo/oauth2/jwks"));
        var jwk = keys.RootElement.GetProperty("keys").EnumerateArray().Single(key => key.GetProperty("kid").GetString() == header.GetProperty("kid").GetString());
        using var key = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = Bytes(jwk, "x"), Y = Bytes(jwk, "y") },
        });
        Assert.True(key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256));
        return (header, Json(parts[1]));
    }

    private static byte[] Bytes(JsonElement jwk, string name) => Base64Url.DecodeFromChars(jwk.GetProperty(name).GetString());

    private static JsonElement Json(string part)
    {
        using var document = JsonDocument.Parse(Base64Url.DecodeFromChars(part));
        return document.RootElement.Clone();
    }
}
