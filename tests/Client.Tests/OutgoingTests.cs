using System.Net;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Pltfrms.Iam.Client;
using Pltfrms.Iam.Client.AspNetCore;
using Client.Tests.AspNetCore;
using Wire = Pltfrms.Iam.Token.V1;

namespace Client.Tests;

public sealed class OutgoingTests
{
    private static readonly TokenRequest Ledger = new("ledger.read") { Audience = "https://ledger.example" };

    [Fact]
    public async Task A_call_for_the_caller_carries_a_token_that_was_exchanged_once()
    {
        List<string> received = [];
        await using var app = await ProtectedApp.StartAsync(
            services: services => services.AddHttpClient("ledger").AddIamUserToken(Ledger),
            map: routes =>
            {
                routes.MapGet("/ledger", (HttpContext http) => received.Add(http.Request.Headers.Authorization.ToString()));
                routes.MapGet("/forward", async (HttpContext http, IHttpClientFactory clients) =>
                {
                    using var ledger = clients.CreateClient("ledger");
                    await ledger.GetStringAsync($"http://{http.Request.Host}/ledger", http.RequestAborted);
                }).RequireAuthorization();
            });

        Assert.Equal(HttpStatusCode.OK, (await app.GetAsync("/forward")).Status);
        Assert.Equal(HttpStatusCode.OK, (await app.GetAsync("/forward")).Status);
        Assert.Equal(HttpStatusCode.OK, (await app.GetAsync("/forward", "Bearer another")).Status);

        var exchanges = app.Server.TokenRequests.Where(request => request.TokenExchange is not null).ToArray();
        Assert.Equal(["the-token", "another"], exchanges.Select(request => request.TokenExchange.SubjectToken));
        Assert.All(exchanges, request => Assert.Equal(
            ("demo-api", "https://ledger.example", "ledger.read"),
            (request.ClientId, request.TokenExchange.Audience, Assert.Single(request.TokenExchange.Scopes))));
        Assert.Equal((3, 2), (received.Count, received.Distinct().Count()));
        Assert.DoesNotContain("Bearer the-token", received);
    }

    [Fact]
    public async Task Outside_of_a_request_there_is_nobody_to_act_for()
    {
        await using var app = await ProtectedApp.StartAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await app.Services.GetRequiredService<IamUserTokens>().GetAsync(Ledger, CancellationToken.None));
    }

    [Fact]
    public async Task A_request_whose_token_is_refused_is_sent_again_with_another()
    {
        await using var fixture = await ClientFixture.StartAsync();
        List<string> received = [];
        using var http = new HttpClient(new IamTokenHandler(cancellationToken => fixture.Tokens.GetAsync(Ledger, cancellationToken))
        {
            InnerHandler = new Answering(request =>
            {
                received.Add(request.Headers.Authorization!.ToString());
                return received.Count == 1 ? HttpStatusCode.Unauthorized : HttpStatusCode.OK;
            }),
        });

        using var response = await http.GetAsync("http://ledger.example/");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["Bearer token-1", "Bearer token-2"], received);
    }

    [Fact]
    public async Task A_gRPC_client_carries_tokens_and_replaces_one_that_is_refused()
    {
        await using var fixture = await ClientFixture.StartAsync();
        fixture.Server.Introspect = (_, context) => context.RequestHeaders.GetValue("authorization") == "Bearer token-1"
            ? throw Faults.Of(StatusCode.Unauthenticated, "UNAUTHENTICATED")
            : Task.FromResult(new Wire.IntrospectTokenResponse { Active = true });
        using var channel = GrpcChannel.ForAddress(fixture.Server.Address);
        var service = new Wire.TokenService.TokenServiceClient(
            channel.Intercept(new IamTokenInterceptor(cancellationToken => fixture.Tokens.GetAsync(Ledger, cancellationToken))));

        using var call = service.IntrospectTokenAsync(new(), new Metadata { { "x-other", "kept" }, { "authorization", "Bearer forgotten" } });
        var answer = await call.ResponseAsync;

        Assert.True(answer.Active);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
        Assert.NotNull(await call.ResponseHeadersAsync);
        Assert.Equal(["Bearer token-1", "Bearer token-2"], fixture.Server.Authorizations);
        Assert.True(service.IntrospectToken(new()).Active);
    }

    [Fact]
    public async Task A_token_that_cannot_be_had_fails_the_call_and_not_the_process()
    {
        await using var fixture = await ClientFixture.StartAsync();
        fixture.Server.Issue = (_, _) => throw Faults.Of(StatusCode.FailedPrecondition, "EXCHANGE_REFUSED");

        var fault = await Assert.ThrowsAsync<IamClientException>(
            async () => await fixture.Tokens.ExchangeAsync("a-token", Ledger, CancellationToken.None));

        Assert.Equal(IamErrorReason.ExchangeRefused, fault.Reason);
    }

    private sealed class Answering(Func<HttpRequestMessage, HttpStatusCode> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(answer(request)));
    }
}
