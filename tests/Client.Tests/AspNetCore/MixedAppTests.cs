using System.Net;
using System.Security.Claims;
using Grpc.Core;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pltfrms.Iam.Client;
using Pltfrms.Iam.Client.AspNetCore;
using Wire = Pltfrms.Iam.Token.V1;

namespace Client.Tests.AspNetCore;

/// <summary>Protection in an application that has more than it: other schemes, policies, claims of its own, handlers that ask themselves.</summary>
public sealed class MixedAppTests
{
    private const string Invoices = "/organizations/acme/invoices";

    [Theory]
    [InlineData("Cookies")]
    [InlineData(null)]
    public async Task A_permission_is_the_access_tokens_whichever_scheme_the_service_prefers(string? preferred)
    {
        await using var app = await ProtectedApp.StartAsync(services: services =>
            (preferred is null ? services.AddAuthentication() : services.AddAuthentication(preferred)).AddCookie("Cookies"));

        var caller = await app.GetAsync(Invoices);
        var stranger = await app.GetAsync(Invoices, authorization: null);
        app.Introspect(token => token.Acr = "pwd");
        var weak = await app.GetAsync("/mvc/acme/invoices/fresh");

        Assert.Equal((HttpStatusCode.OK, ""), caller);
        Assert.Equal(HttpStatusCode.Unauthorized, stranger.Status);
        Assert.StartsWith("Bearer realm=\"demo\"", stranger.Challenge, StringComparison.Ordinal);
        Assert.Contains("insufficient_user_authentication", weak.Challenge, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_policy_may_ask_for_a_permission_and_for_a_login()
    {
        await using var app = await ProtectedApp.StartAsync(
            services: services => services.AddAuthentication("Cookies").AddCookie("Cookies").Services.AddAuthorizationBuilder()
                .AddPolicy("read", policy => policy.RequirePermission("invoices.read"))
                .AddPolicy("fresh", policy => policy.RequirePermission("invoices.read").RequireAcr(new("mfa") { MaxAge = 300 })),
            map: routes =>
            {
                routes.MapGet("/read", () => "ok").RequireAuthorization("read");
                routes.MapGet("/fresh", () => "ok").RequireAuthorization("fresh");
            });

        var allowed = await app.GetAsync("/read");
        var old = await app.GetAsync("/fresh");
        app.Deny(Wire.DecisionReason.PermissionNotAssigned);
        var denied = await app.GetAsync("/read");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden), (allowed.Status, old.Status, denied.Status));
    }

    [Fact]
    public async Task A_token_decides_about_its_own_subject_and_nobody_else()
    {
        await using var app = await ProtectedApp.StartAsync(map: routes => routes.MapGet("/ask/{who}", async (string who, HttpContext http, IAuthorizationService service) =>
        {
            ClaimsPrincipal user = new(new ClaimsIdentity([new Claim(IamClaimTypes.Subject, who)], IamAuthenticationOptions.DefaultScheme));
            var policy = new AuthorizationPolicyBuilder().RequirePermission("invoices.read").Build();
            return (await service.AuthorizeAsync(who == "me" ? http.User : user, policy)).Succeeded.ToString();
        }).RequireAuthorization());

        Assert.Equal("True", await AskAsync(app, "me"));
        Assert.Equal("False", await AskAsync(app, "mallory"));
        Assert.Equal("False", await AskAsync(app, "alice"));
    }

    [Fact]
    public async Task Who_adds_claims_to_a_principal_leaves_it_who_it_is()
    {
        await using var app = await ProtectedApp.StartAsync(services: services => services.AddSingleton<IClaimsTransformation, Copying>());

        Assert.Equal((HttpStatusCode.OK, ""), await app.GetAsync(Invoices));
    }

    [Fact]
    public async Task Nobody_has_a_permission_that_is_none_and_the_log_names_it()
    {
        using var lines = new LogLines();
        await using var app = await ProtectedApp.StartAsync(services: services => services.AddLogging(logging => logging.AddProvider(lines)));
        app.Server.Check = (_, _) => throw Faults.OfField("permission", "must be noun.verb");

        var answer = await app.GetAsync(Invoices);
        app.Server.Check = (_, _) => throw Faults.OfField("organization_id", "is none");
        await app.GetAsync("/organizations/odd/invoices");

        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.Contains("'invoices.read'", Assert.Single(lines.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_outage_that_a_handler_meets_is_503_and_UNAVAILABLE()
    {
        await using var app = await ProtectedApp.StartAsync(
            services: services => services.AddProblemDetails(),
            map: routes =>
            {
                routes.UseExceptionHandler();
                routes.MapGet("/ask", async (HttpContext http) => (await http.CheckPermissionAsync("invoices.read", "acme")).Allowed).RequireAuthorization();
                routes.MapGrpcService<AskingService>();
            });
        app.Server.Check = (_, _) => throw Faults.Of(StatusCode.Unavailable, "STORAGE_UNAVAILABLE");

        var answer = await app.GetAsync("/ask");
        using var stream = new Wire.TokenAuditService.TokenAuditServiceClient(app.Grpc).WatchTokenEvents(new(), new Metadata { { "authorization", "Bearer the-token" } });
        var fault = await Assert.ThrowsAsync<RpcException>(() => stream.ResponseStream.MoveNext(CancellationToken.None));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.IsType<IamUnavailableException>(IamClientException.From(fault));
    }

    private static async Task<string> AskAsync(ProtectedApp app, string who)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/ask/{who}");
        request.Headers.Add("Authorization", "Bearer the-token");
        using var response = await app.Http.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }

    private sealed class Copying : IClaimsTransformation
    {
        public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal)
        {
            var copy = principal.Clone();
            copy.AddIdentity(new ClaimsIdentity([new Claim("tenant", "north")]));
            return Task.FromResult(copy);
        }
    }

    private sealed class AskingService : Wire.TokenAuditService.TokenAuditServiceBase
    {
        [Authorize]
        public override async Task WatchTokenEvents(Wire.WatchTokenEventsRequest request, IServerStreamWriter<Wire.WatchTokenEventsResponse> responseStream, ServerCallContext context) =>
            await context.GetHttpContext().CheckPermissionAsync("tokens.read", null);
    }
}
