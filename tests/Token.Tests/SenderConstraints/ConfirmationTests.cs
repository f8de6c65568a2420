using System.Text;
using System.Text.Json;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.Grants;
using Pltfrms.Iam.Token.Tokens;
using Token.Tests.Authorization;
using Token.Tests.Hosting;
using Token.Tests.OAuth;
using Token.Tests.Tokens;
using Wire = Pltfrms.Iam.Token.V1;

namespace Token.Tests.SenderConstraints;

/// <summary>Tokens that are bound to keys, whatever bound them: what they say, and that whoever steals one gains nothing at our own addresses.</summary>
public sealed class ConfirmationTests(FlowFixture fixture) : IClassFixture<FlowFixture>
{
    private const string Jkt = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";
    private const string X5t = "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2";

    private static readonly Confirmation Both = new() { JwkThumbprint = Jkt, CertificateThumbprint = X5t };

    private readonly FlowBench _bench = fixture.Bench;

    [Theory]
    [InlineData(AccessTokenFormat.Jwt)]
    [InlineData(AccessTokenFormat.Opaque)]
    public async Task What_a_token_is_bound_to_is_told_by_every_replica(AccessTokenFormat format)
    {
        var token = await IssueAsync("demo-service", format, Both);

        using var rest = JsonDocument.Parse(await _bench.Two.IntrospectAsync("demo", token));
        var grpc = await _bench.Two.Tokens.IntrospectTokenAsync(new() { RealmId = "demo", Token = token }, TokenReplica.Operator);

        Assert.Equal($$"""{"jkt":"{{Jkt}}","x5t#S256":"{{X5t}}"}""", rest.RootElement.GetProperty("cnf").GetRawText());
        Assert.Equal("DPoP", rest.RootElement.GetProperty("token_type").GetString());
        Assert.Equal(new Wire.Confirmation { JwkThumbprint = Jkt, CertificateThumbprint = X5t }, grpc.Confirmation);
        Assert.Equal("DPoP", grpc.TokenType);
    }

    [Fact]
    public async Task A_token_bound_to_a_certificate_is_presented_as_bearer()
    {
        var token = await IssueAsync("demo-service", AccessTokenFormat.Jwt, new Confirmation { CertificateThumbprint = X5t });

        using var rest = JsonDocument.Parse(await _bench.One.IntrospectAsync("demo", token));

        Assert.Equal($$"""{"x5t#S256":"{{X5t}}"}""", rest.RootElement.GetProperty("cnf").GetRawText());
        Assert.Equal("Bearer", rest.RootElement.GetProperty("token_type").GetString());
    }

    [Fact]
    public async Task A_token_bound_to_nothing_says_nothing_of_it()
    {
        var token = await IssueAsync("demo-service", AccessTokenFormat.Jwt, null);

        using var rest = JsonDocument.Parse(await _bench.One.IntrospectAsync("demo", token));
        var grpc = await _bench.One.Tokens.IntrospectTokenAsync(new() { RealmId = "demo", Token = token }, TokenReplica.Operator);

        Assert.False(rest.RootElement.TryGetProperty("cnf", out _));
        Assert.Null(grpc.Confirmation);
        Assert.Equal(("Bearer", "Bearer"), (rest.RootElement.GetProperty("token_type").GetString(), grpc.TokenType));
    }

    [Theory]
    [InlineData(AccessTokenFormat.Jwt)]
    [InlineData(AccessTokenFormat.Opaque)]
    public async Task Our_own_addresses_refuse_a_bound_token_that_comes_as_bearer(AccessTokenFormat format)
    {
        var free = await IssueAsync("demo-operator", format, null, [.. IamPermissions.Assignable]);
        var bound = await IssueAsync("demo-operator", format, Both, [.. IamPermissions.Assignable]);
        var request = new Wire.IntrospectTokenRequest { RealmId = "demo", Token = free };
        var check = new Wire.CheckPermissionRequest { RealmId = "demo", UserId = "carol", Permission = "invoices.read" };

        Assert.True((await _bench.One.Tokens.IntrospectTokenAsync(request, TokenReplica.Bearer(free))).Active);
        var stolen = TokenReplica.Bearer(bound);
        Assert.Equal((StatusCode.Unauthenticated, "UNAUTHENTICATED"), await Refusals.OfAsync(_bench.One.Tokens.IntrospectTokenAsync(request, stolen)));
        Assert.Equal((StatusCode.Unauthenticated, "UNAUTHENTICATED"), await Refusals.OfAsync(_bench.One.Permissions.CheckPermissionAsync(check, stolen)));
        Assert.Equal(
            (StatusCode.Unauthenticated, "UNAUTHENTICATED"),
            await Refusals.OfAsync(_bench.One.Grants.ListGrantsAsync(new() { RealmId = "demo", UserId = "carol" }, stolen)));
        Assert.Equal(
            (StatusCode.Unauthenticated, "UNAUTHENTICATED"),
            await Refusals.OfAsync(_bench.One.Tokens.RevokeTokenAsync(new() { RealmId = "demo", Token = free }, stolen)));
        using var rest = await _bench.One.PostAsync("/realms/demo/oauth2/introspect", new("Bearer", bound), ("token", free));
        await TokenEndpointTests.AssertRefusedAsync(rest, 401, "invalid_token");
    }

    [Theory]
    [InlineData("nothing required", null, null, null, null, true)]
    [InlineData("nothing required, a key shown", null, null, Jkt, null, true)]
    [InlineData("the key", Jkt, null, Jkt, null, true)]
    [InlineData("no key", Jkt, null, null, null, false)]
    [InlineData("another key", Jkt, null, X5t, null, false)]
    [InlineData("a certificate for a key", Jkt, null, null, Jkt, false)]
    [InlineData("the certificate", null, X5t, null, X5t, true)]
    [InlineData("one of two", Jkt, X5t, Jkt, null, false)]
    [InlineData("the other of two", Jkt, X5t, null, X5t, false)]
    [InlineData("both", Jkt, X5t, Jkt, X5t, true)]
    public void All_that_is_required_must_be_proven(string what, string? jwk, string? certificate, string? provenJwk, string? provenCertificate, bool holds) =>
        Assert.True(Confirmation.Holds(Confirmation.Of(jwk, certificate), Confirmation.Of(provenJwk, provenCertificate)) == holds, what);

    public static TheoryData<string> Unverifiable => ["""{"jkt":"a","x":"b"}""", """{"jwk":{}}""", "{}", "\"jkt\"", """{"jkt":1}"""];

    [Theory]
    [MemberData(nameof(Unverifiable))]
    public void A_token_bound_to_what_nobody_can_verify_is_none(string confirmation)
    {
        var token = TokenBench.Claims("demo");
        var claims = Encoding.UTF8.GetString(AccessTokenJson.Write(token).WrittenSpan);

        Assert.NotNull(AccessTokenJson.Read(Encoding.UTF8.GetBytes(claims)));
        Assert.Null(AccessTokenJson.Read(Encoding.UTF8.GetBytes($"{claims[..^1]},\"cnf\":{confirmation}}}")));
    }

    private async Task<string> IssueAsync(string clientId, AccessTokenFormat format, Confirmation? confirmation, params string[] scopes)
    {
        var realm = await _bench.One.Services.GetRequiredService<RealmSnapshots>().GetAsync("demo", 0, CancellationToken.None);
        var asked = scopes.Length > 0 ? scopes : ["invoices.read"];
        var issued = await _bench.One.Services.GetRequiredService<AccessTokenIssuer>().IssueAsync(
            realm,
            realm.FindClient(clientId)! with { AccessTokenFormat = format },
            new GrantedAccess
            {
                Subject = Principal.Client(clientId),
                Scopes = asked,
                Audiences = TargetedScopes.AtAll(realm, asked).Audiences,
                Confirmation = confirmation,
            },
            CancellationToken.None);
        return issued.AccessToken;
    }
}
