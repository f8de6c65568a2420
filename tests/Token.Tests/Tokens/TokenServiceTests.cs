using Grpc.Core;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;
using Token.Tests.Hosting;
using Wire = Pltfrms.Iam.Token.V1;

namespace Token.Tests.Tokens;

/// <summary>TokenService over gRPC; the REST tests look at the same actions more closely.</summary>
public sealed class TokenServiceTests(TokenServiceFixture fixture) : IClassFixture<TokenServiceFixture>
{
    private TokenReplica Service => fixture.Service;

    [Fact]
    public async Task Issues_a_token_to_whoever_knows_the_secret()
    {
        var response = await Service.Tokens.IssueTokenAsync(Request("demo-service", TestRealm.ServiceSecret, ["invoices.read", "payments.refund"], "acme"));

        Assert.Equal("Bearer", response.TokenType);
        Assert.Equal(TimeSpan.FromMinutes(5), response.ExpiresIn.ToTimeSpan());
        Assert.Equal(["invoices.read"], response.Scopes);
        Assert.Equal("acme", response.OrganizationId);
        Assert.True(response.Revision > 0);
        Assert.Equal(3, response.AccessToken.Split('.').Length);
    }

    [Fact]
    public async Task Refuses_as_the_REST_endpoint_does()
    {
        var nowhere = Request("demo-service", TestRealm.ServiceSecret, [], "");
        nowhere.RealmId = "nowhere";
        var noGrant = Request("demo-service", TestRealm.ServiceSecret, [], "");
        noGrant.ClearGrant();

        Assert.Equal((StatusCode.NotFound, "REALM_NOT_FOUND"), await RefusedAsync(nowhere));
        Assert.Equal((StatusCode.InvalidArgument, "INVALID_REQUEST"), await RefusedAsync(noGrant));
        Assert.Equal((StatusCode.Unauthenticated, "INVALID_CLIENT"), await RefusedAsync(Request("demo-service", "wrong", [], "")));
        Assert.Equal((StatusCode.Unauthenticated, "INVALID_CLIENT"), await RefusedAsync(Request("nobody", "", [], "")));
        Assert.Equal((StatusCode.Unauthenticated, "INVALID_CLIENT"), await RefusedAsync(Request("disabled", TestRealm.ServiceSecret, [], "")));
        Assert.Equal((StatusCode.PermissionDenied, "UNAUTHORIZED_CLIENT"), await RefusedAsync(Request("demo-web", TestRealm.WebSecret, [], "")));
        Assert.Equal((StatusCode.InvalidArgument, "INVALID_SCOPE"), await RefusedAsync(Request("demo-service", TestRealm.ServiceSecret, ["payments.refund"], "")));
        Assert.Equal((StatusCode.InvalidArgument, "INVALID_SCOPE"), await RefusedAsync(Request("demo-service", TestRealm.ServiceSecret, ["a b"], "")));
        Assert.Equal((StatusCode.InvalidArgument, "UNKNOWN_ORGANIZATION"), await RefusedAsync(Request("demo-service", TestRealm.ServiceSecret, [], "initech")));
    }

    [Fact]
    public async Task Introspects_for_callers_that_may()
    {
        var token = await Service.IssueAsync("demo", "demo-service", TestRealm.ServiceSecret, ("organization", "acme"), ("scope", "invoices.read"));

        var byOperator = await IntrospectAsync(token, TokenReplica.Operator);
        var byToken = await IntrospectAsync(token, await BearerAsync("demo-api", TestRealm.ApiSecret));

        Assert.Equal(byOperator, byToken);
        Assert.True(byToken.Active);
        Assert.Equal(["invoices.read"], byToken.Scopes);
        Assert.Equal(("demo-service", "", "demo-service", Wire.SubjectType.Client), (byToken.ClientId, byToken.UserId, byToken.Subject, byToken.SubjectType));
        Assert.Equal(("acme", TokenReplica.Issuer("demo"), "Bearer", ""), (byToken.OrganizationId, byToken.Issuer, byToken.TokenType, byToken.Acr));
        Assert.Equal([TestRealm.Api], byToken.Audiences);
        Assert.Equal(TimeSpan.FromMinutes(5), byToken.ExpireTime.ToDateTimeOffset() - byToken.IssueTime.ToDateTimeOffset());
    }

    [Fact]
    public async Task An_inactive_token_is_an_answer_without_any_other_member()
    {
        var response = await IntrospectAsync("garbage", TokenReplica.Operator);

        Assert.Equal(new Wire.IntrospectTokenResponse { Revision = response.Revision }, response);
        Assert.True(response.Revision > 0);
    }

    [Fact]
    public async Task Every_method_but_issue_refuses_strangers_and_callers_without_the_permission()
    {
        var token = await Service.IssueAsync("demo", "demo-service", TestRealm.ServiceSecret);
        var otherRealms = TokenReplica.Bearer(await Service.IssueAsync("other", "demo-operator", TestRealm.OperatorSecret));
        var powerless = TokenReplica.Bearer(token);
        var introspection = new Wire.IntrospectTokenRequest { RealmId = "demo", Token = token };
        var revocation = new Wire.RevokeTokenRequest { RealmId = "demo", Token = token };
        var check = new Wire.CheckPermissionRequest { RealmId = "demo", AccessToken = token, Permission = "invoices.read" };
        var batch = new Wire.BatchCheckPermissionsRequest { RealmId = "demo" };
        var list = new Wire.ListPermissionsRequest { RealmId = "demo", AccessToken = token };

        foreach (var stranger in new[] { [], TokenReplica.Bearer("garbage"), otherRealms })
        {
            Assert.Equal((StatusCode.Unauthenticated, "UNAUTHENTICATED"), await Refusals.OfAsync(Service.Tokens.IntrospectTokenAsync(introspection, stranger)));
            Assert.Equal((StatusCode.Unauthenticated, "UNAUTHENTICATED"), await Refusals.OfAsync(Service.Tokens.RevokeTokenAsync(revocation, stranger)));
            Assert.Equal((StatusCode.Unauthenticated, "UNAUTHENTICATED"), await Refusals.OfAsync(Service.Permissions.CheckPermissionAsync(check, stranger)));
            Assert.Equal((StatusCode.Unauthenticated, "UNAUTHENTICATED"), await Refusals.OfAsync(Service.Permissions.BatchCheckPermissionsAsync(batch, stranger)));
            Assert.Equal((StatusCode.Unauthenticated, "UNAUTHENTICATED"), await Refusals.OfAsync(Service.Permissions.ListPermissionsAsync(list, stranger)));
        }

        Assert.Equal((StatusCode.PermissionDenied, "PERMISSION_DENIED"), await Refusals.OfAsync(Service.Tokens.IntrospectTokenAsync(introspection, powerless)));
        Assert.Equal((StatusCode.PermissionDenied, "PERMISSION_DENIED"), await Refusals.OfAsync(Service.Permissions.CheckPermissionAsync(check, powerless)));
        Assert.Equal((StatusCode.PermissionDenied, "PERMISSION_DENIED"), await Refusals.OfAsync(Service.Permissions.BatchCheckPermissionsAsync(batch, powerless)));
        Assert.Equal((StatusCode.PermissionDenied, "PERMISSION_DENIED"), await Refusals.OfAsync(Service.Permissions.ListPermissionsAsync(list, powerless)));
    }

    [Fact]
    public async Task A_token_caller_cannot_tell_realms_that_exist_from_others()
    {
        var caller = await BearerAsync("demo-api", TestRealm.ApiSecret);

        var existing = await Refusals.OfAsync(Service.Tokens.IntrospectTokenAsync(new() { RealmId = "other", Token = "x" }, caller));
        var missing = await Refusals.OfAsync(Service.Tokens.IntrospectTokenAsync(new() { RealmId = "nowhere", Token = "x" }, caller));

        Assert.Equal((StatusCode.Unauthenticated, "UNAUTHENTICATED"), existing);
        Assert.Equal(existing, missing);
    }

    [Fact]
    public async Task A_caller_whose_role_is_taken_away_is_refused_at_once()
    {
        var client = TestRealm.Client("demo", "temp", [IamPermissions.TokensIntrospect], TestRealm.ServiceSecret);
        await Service.ReachAsync("demo", fixture.Realms.Change(
            "demo", client, TestRealm.Binding("demo", "b-temp", MemberType.Client, "temp", IamPermissions.ResourceServerRole, null)));
        var caller = await BearerAsync("temp", TestRealm.ServiceSecret);
        await IntrospectAsync("garbage", caller);

        await Service.ReachAsync("demo", fixture.Realms.Remove("demo", ResourceKind.RoleBinding, "b-temp"));

        Assert.Equal(
            (StatusCode.PermissionDenied, "PERMISSION_DENIED"),
            await Refusals.OfAsync(Service.Tokens.IntrospectTokenAsync(new() { RealmId = "demo", Token = "x" }, caller)));
    }

    [Fact]
    public async Task Revokes_any_token_for_who_may_and_its_own_for_a_client()
    {
        var (first, second) = (await Service.IssueAsync("demo", "demo-service", TestRealm.ServiceSecret), await Service.IssueAsync("demo", "demo-service", TestRealm.ServiceSecret));
        var own = await BearerAsync("demo-service", TestRealm.ServiceSecret);
        var other = await BearerAsync("demo-api", TestRealm.ApiSecret);

        Assert.Equal((StatusCode.PermissionDenied, "PERMISSION_DENIED"), await Refusals.OfAsync(RevokeAsync(first, other)));
        Assert.True((await IntrospectAsync(first, TokenReplica.Operator)).Active);
        await RevokeAsync(first, own);
        await RevokeAsync(first, own);
        await RevokeAsync("garbage", own);
        await RevokeAsync(second, await BearerAsync("demo-operator", TestRealm.OperatorSecret));

        Assert.False((await IntrospectAsync(first, TokenReplica.Operator)).Active);
        Assert.False((await IntrospectAsync(second, TokenReplica.Operator)).Active);
        Assert.Equal((StatusCode.InvalidArgument, "INVALID_ARGUMENT"), await Refusals.OfAsync(RevokeAsync("", TokenReplica.Operator)));
        Assert.Equal(["token"], await Refusals.FieldsOfAsync(RevokeAsync("", TokenReplica.Operator)));
    }

    [Fact]
    public async Task A_revoked_credential_opens_nothing()
    {
        var credential = await Service.IssueAsync("demo", "demo-api", TestRealm.ApiSecret);
        await IntrospectAsync("garbage", TokenReplica.Bearer(credential));
        await RevokeAsync(credential, TokenReplica.Operator);

        Assert.Equal(
            (StatusCode.Unauthenticated, "UNAUTHENTICATED"),
            await Refusals.OfAsync(Service.Tokens.IntrospectTokenAsync(new() { RealmId = "demo", Token = "x" }, TokenReplica.Bearer(credential))));
    }

    private static Wire.IssueTokenRequest Request(string clientId, string secret, string[] scopes, string organizationId) => new()
    {
        RealmId = "demo",
        ClientId = clientId,
        ClientSecret = secret,
        ClientCredentials = new() { Scopes = { scopes }, OrganizationId = organizationId },
    };

    private Task<(StatusCode Code, string Reason)> RefusedAsync(Wire.IssueTokenRequest request) => Refusals.OfAsync(Service.Tokens.IssueTokenAsync(request));

    private async Task<Wire.IntrospectTokenResponse> IntrospectAsync(string token, Metadata caller) =>
        await Service.Tokens.IntrospectTokenAsync(new() { RealmId = "demo", Token = token }, caller);

    private AsyncUnaryCall<Wire.RevokeTokenResponse> RevokeAsync(string token, Metadata caller) =>
        Service.Tokens.RevokeTokenAsync(new() { RealmId = "demo", Token = token }, caller);

    private async Task<Metadata> BearerAsync(string clientId, string secret) => TokenReplica.Bearer(await Service.IssueAsync("demo", clientId, secret));
}
