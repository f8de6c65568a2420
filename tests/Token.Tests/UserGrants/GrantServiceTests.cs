using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Pltfrms.Iam.Common.Jose;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Token.Keys;
using Pltfrms.Iam.Token.Tokens;
using Pltfrms.Iam.Token.UserGrants;
using Token.Tests.Hosting;
using Token.Tests.Tokens;
using Wire = Pltfrms.Iam.Token.V1;

namespace Token.Tests.UserGrants;

public sealed class GrantServiceTests(TokenServiceFixture fixture) : IClassFixture<TokenServiceFixture>
{
    private TokenReplica Service => fixture.Service;

    [Fact]
    public async Task A_token_of_a_revoked_grant_is_neither_active_nor_allowed_anything()
    {
        var grant = await AddAsync("g-revoked", "alice");
        var (token, other) = (await TokenAsync("g-revoked"), await TokenAsync("g-other"));
        Assert.True((await CheckAsync(token)).Allowed);
        var before = await IntrospectAsync(token);

        var revoked = await Service.Grants.RevokeGrantsAsync(new() { RealmId = "demo", GrantId = grant.GrantId }, TokenReplica.Operator);

        Assert.Equal(1, revoked.RevokedCount);
        Assert.Equal((true, "g-revoked", fixture.Clock.GetUtcNow()), (before.Active, before.GrantId, before.AuthenticationTime.ToDateTimeOffset()));
        Assert.False((await IntrospectAsync(token)).Active);
        Assert.Equal((false, Wire.DecisionReason.TokenInactive), await DecisionAsync(token));
        Assert.Equal("""{"active":false}""", await Service.IntrospectAsync("demo", token));
        Assert.True((await IntrospectAsync(other)).Active);
        Assert.Contains("\"amr\":[\"pwd\"],\"auth_time\":", await Service.IntrospectAsync("demo", other));
        Assert.Contains("\"grant_id\":\"g-other\"", await Service.IntrospectAsync("demo", other));
    }

    [Fact]
    public async Task Lists_what_is_live()
    {
        var grant = await AddAsync("g-listed", "bob");

        var listed = await Service.Grants.ListGrantsAsync(new() { RealmId = "demo", UserId = "bob" }, TokenReplica.Operator);

        var one = Assert.Single(listed.Grants);
        Assert.Equal("", listed.NextPageToken);
        Assert.Equal(
            new Wire.Grant
            {
                RealmId = "demo",
                GrantId = "g-listed",
                UserId = "bob",
                ClientId = "demo-web",
                Scopes = { "invoices.read" },
                CreateTime = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(grant.CreatedAt),
                LastUseTime = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(grant.LastUsedAt),
                ExpireTime = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(grant.ExpiresAt),
            },
            one);
    }

    [Fact]
    public async Task Refuses_what_names_nothing_no_realm_or_too_long_a_page()
    {
        Assert.Equal(
            ["grant_id"],
            await Refusals.FieldsOfAsync(Service.Grants.RevokeGrantsAsync(new() { RealmId = "demo", Scopes = { "invoices.read" } }, TokenReplica.Operator)));
        Assert.Equal(
            ["page_size"],
            await Refusals.FieldsOfAsync(Service.Grants.ListGrantsAsync(new() { RealmId = "demo", PageSize = 1001 }, TokenReplica.Operator)));
        Assert.Equal(
            (StatusCode.NotFound, "REALM_NOT_FOUND"),
            await Refusals.OfAsync(Service.Grants.RevokeGrantsAsync(new() { RealmId = "nowhere", UserId = "alice" }, TokenReplica.Operator)));
        Assert.Equal(
            (StatusCode.InvalidArgument, "INVALID_PAGE_TOKEN"),
            await Refusals.OfAsync(Service.Grants.ListGrantsAsync(new() { RealmId = "demo", PageToken = "*" }, TokenReplica.Operator)));
    }

    private async Task<UserGrant> AddAsync(string grantId, string userId)
    {
        var now = fixture.Clock.GetUtcNow();
        var grant = new UserGrant
        {
            RealmId = "demo",
            GrantId = grantId,
            UserId = userId,
            ClientId = "demo-web",
            Scopes = ["invoices.read"],
            CreatedAt = now,
            LastUsedAt = now,
            TokensExpireAt = now.AddMinutes(5),
            ExpiresAt = now.AddDays(1),
        };
        await using var session = await Service.Services.GetRequiredService<IDatabase>().BeginWriteAsync(CancellationToken.None);
        await new UserGrantStore().AddAsync(session, grant, CancellationToken.None);
        await session.CommitAsync(CancellationToken.None);
        return grant;
    }

    private async Task<string> TokenAsync(string grantId)
    {
        var key = await Service.Services.GetRequiredService<KeyRing>().SignerAsync(
            new Realm { RealmId = "demo" }, SignatureAlgorithms.Es256, TimeSpan.Zero, CancellationToken.None);
        var now = fixture.Clock.GetUtcNow();
        var claims = TokenBench.Claims("demo") with
        {
            TokenId = $"token-of-{grantId}",
            Subject = Principal.User("carol"),
            ClientId = "demo-web",
            OrganizationId = null,
            GrantId = grantId,
            Amr = ["pwd"],
            AuthenticatedAt = now,
            IssuedAt = now,
            ExpiresAt = now.AddMinutes(5),
        };
        return JwtWriter.Write(claims, key);
    }

    private async Task<Wire.IntrospectTokenResponse> IntrospectAsync(string token) =>
        await Service.Tokens.IntrospectTokenAsync(new() { RealmId = "demo", Token = token }, TokenReplica.Operator);

    private async Task<Wire.CheckPermissionResponse> CheckAsync(string token) => await Service.Permissions.CheckPermissionAsync(
        new() { RealmId = "demo", AccessToken = token, Permission = "invoices.read" }, TokenReplica.Operator);

    private async Task<(bool, Wire.DecisionReason)> DecisionAsync(string token)
    {
        var answer = await CheckAsync(token);
        return (answer.Allowed, answer.Reason);
    }
}
