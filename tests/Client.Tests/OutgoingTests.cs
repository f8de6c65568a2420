using System.Net;
using System.Net.Http.Json;
using System.Text;
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

    public static TheoryData<string, Func<HttpContent>> SentAgain => new()
    {
        { "JSON", () => JsonContent.Create(new[] { "entry" }) },
        { "memory", () => new ReadOnlyMemoryContent("entry"u8.ToArray()) },
        { "bytes", () => new ByteArrayContent("entry"u8.ToArray()) },
        { "text", () => new StringContent("entry") },
        { "a form", () => new FormUrlEncodedContent([new("name", "entry")]) },
    };

    public static TheoryData<string, Func<HttpContent>> SentOnce => new()
    {
        { "a stream", () => new StreamContent(new MemoryStream("entry"u8.ToArray())) },
        { "a stream among parts", () => new MultipartFormDataContent { { new StreamContent(new MemoryStream("entry"u8.ToArray())), "entry" } } },
        { "JSON that is made while it is sent", () => JsonContent.Create(EntriesAsync()) },
    };

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
        using var http = Http(fixture, request =>
        {
            received.Add(request.Headers.Authorization!.ToString());
            return received.Count == 1 ? HttpStatusCode.Unauthorized : HttpStatusCode.OK;
        });

        using var response = await http.GetAsync("http://ledger.example/");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["Bearer token-1", "Bearer token-2"], received);
    }

    [Theory]
    [MemberData(nameof(SentAgain))]
    public async Task Content_that_can_be_sent_again_is(string _, Func<HttpContent> content)
    {
        await using var fixture = await ClientFixture.StartAsync();
        List<string> received = [];
        using var http = Http(fixture, request =>
        {
            received.Add(Sent(request.Content!));
            return received.Count == 1 ? HttpStatusCode.Unauthorized : HttpStatusCode.OK;
        });

        using var response = await http.PostAsync("http://ledger.example/", content());

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(2, received.Count);
        Assert.Contains("entry", Assert.Single(received.Distinct()), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(SentOnce))]
    public async Task Content_that_may_be_used_up_is_sent_once_and_the_next_request_has_another_token(string _, Func<HttpContent> content)
    {
        await using var fixture = await ClientFixture.StartAsync();
        List<string> received = [];
        using var http = Http(fixture, request =>
        {
            received.Add(request.Headers.Authorization!.ToString());
            return received.Count == 1 ? HttpStatusCode.Unauthorized : HttpStatusCode.OK;
        });

        Assert.Equal(HttpStatusCode.Unauthorized, (await http.PostAsync("http://ledger.example/", content())).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.PostAsync("http://ledger.example/", content())).StatusCode);

        Assert.Equal(["Bearer token-1", "Bearer token-2"], received);
    }

    [Fact]
    public async Task A_request_without_waiting_is_refused_and_not_sent_without_a_token()
    {
        await using var fixture = await ClientFixture.StartAsync();
        var received = 0;
        using var http = Http(fixture, _ =>
        {
            received++;
            return HttpStatusCode.OK;
        });
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://ledger.example/");

        var fault = Assert.Throws<NotSupportedException>(() => http.Send(request));

        Assert.Contains("SendAsync", fault.Message, StringComparison.Ordinal);
        Assert.Equal(0, received);
    }

    [Fact]
    public async Task A_gRPC_client_carries_tokens_and_replaces_one_that_is_refused()
    {
        await using var fixture = await ClientFixture.StartAsync();
        fixture.Server.Introspect = (_, context) => context.RequestHeaders.GetValue("authorization") == "Bearer token-1"
            ? throw Faults.Of(StatusCode.Unauthenticated, "UNAUTHENTICATED")
            : Task.FromResult(new Wire.IntrospectTokenResponse { Active = true });
        using var channel = GrpcChannel.ForAddress(fixture.Server.Address);
        var service = Service(channel, cancellationToken => fixture.Tokens.GetAsync(Ledger, cancellationToken));

        using var call = service.IntrospectTokenAsync(new(), new Metadata { { "x-other", "kept" }, { "authorization", "Bearer forgotten" } });
        var answer = await call.ResponseAsync;

        Assert.True(answer.Active);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
        Assert.NotNull(await call.ResponseHeadersAsync);
        Assert.Equal(["Bearer token-1", "Bearer token-2"], fixture.Server.Authorizations);
        Assert.True(service.IntrospectToken(new()).Active);
    }

    [Fact]
    public async Task A_blocking_call_whose_token_is_refused_is_made_again_with_another()
    {
        await using var fixture = await ClientFixture.StartAsync();
        fixture.Server.Introspect = (_, context) => context.RequestHeaders.GetValue("authorization") == "Bearer token-1"
            ? throw Faults.Of(StatusCode.Unauthenticated, "UNAUTHENTICATED")
            : Task.FromResult(new Wire.IntrospectTokenResponse { Active = true });
        using var channel = GrpcChannel.ForAddress(fixture.Server.Address);

        Assert.True(Service(channel, cancellationToken => fixture.Tokens.GetAsync(Ledger, cancellationToken)).IntrospectToken(new()).Active);

        Assert.Equal(["Bearer token-1", "Bearer token-2"], fixture.Server.Authorizations);
    }

    [Fact]
    public async Task A_call_waits_for_a_token_no_longer_than_until_its_deadline()
    {
        await using var fixture = await ClientFixture.StartAsync();
        var answer = new TaskCompletionSource();
        fixture.Server.Issue = async (_, _) =>
        {
            await answer.Task;
            return fixture.Server.NextToken();
        };
        using var channel = GrpcChannel.ForAddress(fixture.Server.Address);
        var service = Service(channel, cancellationToken => fixture.Tokens.GetAsync(Ledger, cancellationToken));
        var soon = new CallOptions(deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(100));

        using var call = service.IntrospectTokenAsync(new(), soon);
        Task[] waiting = [call.ResponseAsync, Task.Run(() => service.IntrospectToken(new(), soon))];

        foreach (var one in waiting)
        {
            var fault = await Assert.ThrowsAsync<RpcException>(() => one.WaitAsync(TimeSpan.FromSeconds(30)));
            Assert.Equal(StatusCode.DeadlineExceeded, fault.StatusCode);
        }
        answer.SetResult();
        var later = new CallOptions(deadline: DateTime.MaxValue);
        Assert.False((await service.IntrospectTokenAsync(new(), later)).Active);
        Assert.Equal("Bearer token-1", Assert.Single(fixture.Server.Authorizations));
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

    private static HttpClient Http(ClientFixture fixture, Func<HttpRequestMessage, HttpStatusCode> answer) =>
        new(new IamTokenHandler(cancellationToken => fixture.Tokens.GetAsync(Ledger, cancellationToken)) { InnerHandler = new Answering(answer) });

    private static Wire.TokenService.TokenServiceClient Service(GrpcChannel channel, AccessTokenSource source) =>
        new(channel.Intercept(new IamTokenInterceptor(source)));

    /// <summary>As a connection gets it: without keeping it.</summary>
    private static string Sent(HttpContent content)
    {
        using var stream = new MemoryStream();
        content.CopyTo(stream, context: null, CancellationToken.None);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static async IAsyncEnumerable<int> EntriesAsync()
    {
        await Task.Yield();
        yield return 1;
    }

    private sealed class Answering(Func<HttpRequestMessage, HttpStatusCode> answer) : HttpMessageHandler
    {
        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) => new(answer(request));

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(answer(request)));
    }
}
