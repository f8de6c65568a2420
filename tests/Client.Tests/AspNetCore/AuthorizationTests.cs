using System.Net;
using System.Security.Claims;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Pltfrms.Iam.Client;
using Pltfrms.Iam.Client.AspNetCore;
using Wire = Pltfrms.Iam.Token.V1;

namespace Client.Tests.AspNetCore;

public sealed class AuthorizationTests
{
    private const string Invoices = "/organizations/acme/invoices";
    private const string NoToken = "Bearer realm=\"demo\"; DPoP realm=\"demo\", algs=\"ES256 ES384 PS256\"";

    public static TheoryData<string, string?, string> WithoutToken => new()
    {
        { "no header", null, NoToken },
        { "another scheme", "Basic YTpi", NoToken },
        { "no token", "Bearer", NoToken },
    };

    public static TheoryData<Wire.DecisionReason, HttpStatusCode, string> Denials => new()
    {
        { Wire.DecisionReason.ScopeNotGranted, HttpStatusCode.Forbidden, "Bearer realm=\"demo\", error=\"insufficient_scope\", error_description=\"The access token lacks a scope.\", scope=\"invoices.read\"" },
        { Wire.DecisionReason.PermissionNotAssigned, HttpStatusCode.Forbidden, "" },
        { Wire.DecisionReason.OrganizationMismatch, HttpStatusCode.Forbidden, "" },
        { Wire.DecisionReason.UnknownOrganization, HttpStatusCode.Forbidden, "" },
        { Wire.DecisionReason.ConditionNotMet, HttpStatusCode.Forbidden, "" },
        { Wire.DecisionReason.Unspecified, HttpStatusCode.Forbidden, "" },
        { Wire.DecisionReason.TokenInactive, HttpStatusCode.Unauthorized, "Bearer realm=\"demo\", error=\"invalid_token\", error_description=\"The token is not good here any more.\"" },
    };

    [Theory]
    [MemberData(nameof(WithoutToken))]
    public async Task Who_has_no_token_is_asked_for_one(string _, string? authorization, string challenge)
    {
        await using var app = await ProtectedApp.StartAsync();

        Assert.Equal((HttpStatusCode.Unauthorized, challenge), await app.GetAsync(Invoices, authorization));
        Assert.Equal((HttpStatusCode.OK, ""), await app.GetAsync("/open", authorization));
        Assert.Empty(app.Server.Authorizations);
    }

    [Fact]
    public async Task A_caller_with_the_permission_is_let_through_in_the_organization_of_the_route()
    {
        await using var app = await ProtectedApp.StartAsync();
        Wire.CheckPermissionRequest? asked = null;
        app.Server.Check = (request, _) =>
        {
            asked = request;
            return Task.FromResult(new Wire.CheckPermissionResponse { Allowed = true });
        };

        Assert.Equal((HttpStatusCode.OK, ""), await app.GetAsync(Invoices));

        Assert.Equal(("the-token", "invoices.read", "acme", ProtectedApp.Audience), (asked!.AccessToken, asked.Permission, asked.OrganizationId, asked.Audience));
        Assert.Equal("127.0.0.1", asked.Context.SourceAddress);
        Assert.Null(asked.Presentation);
    }

    [Theory]
    [MemberData(nameof(Denials))]
    public async Task A_denial_says_what_would_help_and_no_more(Wire.DecisionReason reason, HttpStatusCode status, string challenge)
    {
        await using var app = await ProtectedApp.StartAsync();
        app.Deny(reason);

        Assert.Equal((status, challenge), await app.GetAsync(Invoices));
        Assert.Equal((status, challenge), await app.GetAsync("/mvc/acme/invoices"));
    }

    [Fact]
    public async Task A_token_that_is_not_active_or_for_somebody_else_is_invalid()
    {
        await using var app = await ProtectedApp.StartAsync();

        app.Introspect(token => token.Active = false);
        var inactive = await app.GetAsync(Invoices);
        app.Introspect(token => token.Audiences[0] = "https://other.example");
        var foreign = await app.GetAsync(Invoices);

        Assert.Equal((HttpStatusCode.Unauthorized, "Bearer realm=\"demo\", error=\"invalid_token\", error_description=\"The token is not active.\""), inactive);
        Assert.Equal((HttpStatusCode.Unauthorized, "Bearer realm=\"demo\", error=\"invalid_token\", error_description=\"The token is for another resource server.\""), foreign);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_outage_is_503_and_never_an_answer(bool atIntrospection)
    {
        await using var app = await ProtectedApp.StartAsync();
        if (atIntrospection)
        {
            app.Server.Introspect = (_, _) => throw Faults.Of(StatusCode.Unavailable, "STORAGE_UNAVAILABLE");
        }
        app.Server.Check = (_, _) => throw Faults.Of(StatusCode.Unavailable, "STORAGE_UNAVAILABLE");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, ""), await app.GetAsync(Invoices));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, ""), await app.GetAsync("/mvc/acme/invoices"));
        var grpc = await Assert.ThrowsAsync<RpcException>(() => IntrospectAsync(app));
        Assert.IsType<IamUnavailableException>(IamClientException.From(grpc));
    }

    [Fact]
    public async Task The_organization_may_come_from_a_header_or_a_claim_and_must_be_there()
    {
        await using var app = await ProtectedApp.StartAsync(map: routes =>
        {
            routes.MapGet("/header", () => "ok").RequirePermission(new RequirePermissionAttribute("invoices.read") { OrganizationHeader = "X-Organization" });
            routes.MapGet("/claim", () => "ok").RequirePermission(new RequirePermissionAttribute("invoices.read") { OrganizationClaim = "organization_id" });
        });
        app.Server.Check = (request, _) => Task.FromResult(new Wire.CheckPermissionResponse { Allowed = request.OrganizationId is "globex" or "acme" });

        Assert.Equal(HttpStatusCode.OK, (await app.GetAsync("/header", headers: ("X-Organization", "globex"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await app.GetAsync("/claim")).Status);
        app.Server.Check = (_, _) => Task.FromResult(new Wire.CheckPermissionResponse { Allowed = true });
        app.Introspect(token => token.OrganizationId = "");
        Assert.Equal(HttpStatusCode.Forbidden, (await app.GetAsync("/header")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await app.GetAsync("/header", headers: [("X-Organization", "globex"), ("X-Organization", "acme")])).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await app.GetAsync("/claim")).Status);
    }

    [Fact]
    public async Task The_principal_says_who_acts_for_whom()
    {
        ClaimsPrincipal? user = null;
        await using var app = await ProtectedApp.StartAsync(map: routes => routes.MapGet("/me", (ClaimsPrincipal caller) =>
        {
            user = caller;
        }).RequireAuthorization());
        app.Introspect(token =>
        {
            token.Acr = "mfa";
            token.Actors.Add(new Wire.Actor { Subject = "ledger", SubjectType = Wire.SubjectType.Client });
            token.Actors.Add(new Wire.Actor { Subject = "carol", SubjectType = Wire.SubjectType.User });
        });

        Assert.Equal(HttpStatusCode.OK, (await app.GetAsync("/me")).Status);

        Assert.Equal(("alice", PrincipalType.User, "demo-web"), (user!.GetSubject(), user!.GetSubjectType(), user!.GetClientId()));
        Assert.Equal(("acme", "mfa", "alice"), (user!.GetOrganizationId(), user!.GetAcr(), user!.Identity!.Name));
        Assert.Equal(["invoices.read", "invoices.create"], user!.GetScopes());
        Assert.Equal([new("ledger", PrincipalType.Client), new TokenActor("carol", PrincipalType.User)], user!.GetActors());
        Assert.Empty(new ClaimsPrincipal(new ClaimsIdentity()).GetActors());
    }

    [Theory]
    [InlineData("mfa", 100, true)]
    [InlineData("phr", 300, true)]
    [InlineData("pwd", 100, false)]
    [InlineData("", 100, false)]
    [InlineData("mfa", 301, false)]
    [InlineData("mfa", null, false)]
    public async Task A_login_that_is_too_weak_or_too_old_is_asked_to_be_done_again(string acr, int? secondsAgo, bool enough)
    {
        await using var app = await ProtectedApp.StartAsync();
        app.Introspect(token =>
        {
            token.Acr = acr;
            token.AuthenticationTime = secondsAgo is { } ago ? Timestamp.FromDateTimeOffset(app.Clock.GetUtcNow().AddSeconds(-ago)) : null;
        });

        var answer = await app.GetAsync("/mvc/acme/invoices/fresh");

        Assert.Equal(
            enough
                ? (HttpStatusCode.OK, "")
                : (HttpStatusCode.Unauthorized, "Bearer realm=\"demo\", error=\"insufficient_user_authentication\", error_description=\"A stronger or fresher login is needed.\", acr_values=\"mfa phr\", max_age=\"300\""),
            answer);
    }

    [Fact]
    public async Task Metadata_name_the_resource_and_its_issuer_and_challenges_name_the_metadata()
    {
        await using var app = await ProtectedApp.StartAsync(map: routes => routes.MapProtectedResourceMetadata());

        var metadata = await app.Http.GetStringAsync("/.well-known/oauth-protected-resource/invoices");
        var challenge = (await app.GetAsync(Invoices, authorization: null)).Challenge;

        Assert.Equal(
            """{"resource":"https://api.example/invoices","authorization_servers":["https://iam.example/realms/demo"],"bearer_methods_supported":["header"],"dpop_signing_alg_values_supported":["ES256","ES384","PS256"],"dpop_bound_access_tokens_required":false}""",
            metadata);
        Assert.Contains($"resource_metadata=\"{app.Http.BaseAddress}.well-known/oauth-protected-resource/invoices\"", challenge, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gRPC_method_takes_the_organization_from_its_request()
    {
        await using var app = await ProtectedApp.StartAsync();
        app.Server.Check = (request, _) => Task.FromResult(new Wire.CheckPermissionResponse
        {
            Allowed = request is { Permission: "tokens.revoke", OrganizationId: "acme" },
            Reason = Wire.DecisionReason.PermissionNotAssigned,
        });
        var service = new Wire.TokenService.TokenServiceClient(app.Grpc);
        var caller = new Metadata { { "authorization", "Bearer the-token" } };

        await service.RevokeTokenAsync(new() { RealmId = "acme" }, caller);
        var other = await Assert.ThrowsAsync<RpcException>(async () => await service.RevokeTokenAsync(new() { RealmId = "globex" }, caller));
        var none = await Assert.ThrowsAsync<RpcException>(async () => await service.RevokeTokenAsync(new(), caller));

        Assert.Equal((StatusCode.PermissionDenied, IamErrorReason.PermissionDenied), (other.StatusCode, IamClientException.From(other).Reason));
        Assert.Equal((StatusCode.PermissionDenied, "The request does not say for which organization."), (none.StatusCode, none.Status.Detail));
    }

    [Fact]
    public async Task A_gRPC_caller_learns_why_as_an_HTTP_caller_does()
    {
        await using var app = await ProtectedApp.StartAsync();

        var stranger = await Assert.ThrowsAsync<RpcException>(async () =>
            await new Wire.TokenService.TokenServiceClient(app.Grpc).IntrospectTokenAsync(new()));
        app.Deny(Wire.DecisionReason.ScopeNotGranted);
        var powerless = await Assert.ThrowsAsync<RpcException>(() => IntrospectAsync(app));
        app.Introspect(token => token.Active = false);
        var inactive = await Assert.ThrowsAsync<RpcException>(() => IntrospectAsync(app));

        Assert.Equal((StatusCode.Unauthenticated, "An access token is needed."), (stranger.StatusCode, stranger.Status.Detail));
        Assert.Equal((StatusCode.PermissionDenied, "The access token lacks a scope."), (powerless.StatusCode, powerless.Status.Detail));
        Assert.Equal((StatusCode.Unauthenticated, "The token is not active."), (inactive.StatusCode, inactive.Status.Detail));
        Assert.Equal("UNAUTHENTICATED", IamClientException.From(inactive).ReasonName);
    }

    private static async Task<Wire.IntrospectTokenResponse> IntrospectAsync(ProtectedApp app) =>
        await new Wire.TokenService.TokenServiceClient(app.Grpc).IntrospectTokenAsync(new(), new Metadata { { "authorization", "Bearer the-token" } });
}
