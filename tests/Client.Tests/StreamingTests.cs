using System.Collections.Concurrent;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pltfrms.Iam.Client;

namespace Client.Tests;

/// <summary>Streaming calls through the client interceptor: they begin when there is a token, and are what they would be without.</summary>
public sealed class StreamingTests : IAsyncLifetime
{
    private static readonly Marshaller<string> Text = Marshallers.StringMarshaller;
    private static readonly Method<string, string> Down = new(MethodType.ServerStreaming, "test.Streams", "Down", Text, Text);
    private static readonly Method<string, string> Up = new(MethodType.ClientStreaming, "test.Streams", "Up", Text, Text);
    private static readonly Method<string, string> Both = new(MethodType.DuplexStreaming, "test.Streams", "Both", Text, Text);

    private readonly TaskCompletionSource<AccessToken> _token = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ClientFixture _fixture = null!;
    private WebApplication _app = null!;
    private GrpcChannel _channel = null!;

    private static ConcurrentDictionary<string, string> Authorizations { get; } = new(StringComparer.Ordinal);

    public async Task InitializeAsync()
    {
        _fixture = await ClientFixture.StartAsync();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        _app = builder.Build();
        _app.MapGrpcService<Streams>();
        await _app.StartAsync();
        _channel = GrpcChannel.ForAddress(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    public async Task DisposeAsync()
    {
        _channel.Dispose();
        await _app.DisposeAsync();
        await _fixture.DisposeAsync();
    }

    [Fact]
    public async Task A_server_stream_waits_for_the_token_and_brings_all()
    {
        using var call = Invoker().AsyncServerStreamingCall(Down, null, Options("down"), "3");
        var first = call.ResponseStream.MoveNext(CancellationToken.None);
        Assert.Throws<InvalidOperationException>(() => call.GetStatus());
        Assert.Throws<InvalidOperationException>(() => call.ResponseStream.Current);
        await GrantAsync();

        List<string> received = [];
        for (var more = await first; more; more = await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            received.Add(call.ResponseStream.Current);
        }

        Assert.Equal(["0", "1", "2"], received);
        Assert.Equal((StatusCode.OK, "Bearer token-1"), (call.GetStatus().StatusCode, Authorizations["down"]));
        Assert.Equal("down", (await call.ResponseHeadersAsync).GetValue("x-call"));
        Assert.Equal("3", call.GetTrailers().GetValue("x-sent"));
    }

    [Fact]
    public async Task A_client_stream_is_sent_when_there_is_a_token()
    {
        using var call = Invoker().AsyncClientStreamingCall(Up, null, Options("up"));
        var writing = call.RequestStream.WriteAsync("a");
        await GrantAsync();
        await writing;
        await call.RequestStream.WriteAsync("b");
        await call.RequestStream.CompleteAsync();

        Assert.Equal("ab", await call.ResponseAsync);
        Assert.Equal((StatusCode.OK, "Bearer token-1"), (call.GetStatus().StatusCode, Authorizations["up"]));
    }

    [Fact]
    public async Task Both_directions_go_on_side_by_side()
    {
        using var call = Invoker().AsyncDuplexStreamingCall(Both, null, Options("both"));
        await GrantAsync();
        foreach (var text in new[] { "x", "y" })
        {
            await call.RequestStream.WriteAsync(text);
            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
            Assert.Equal(text, call.ResponseStream.Current);
        }

        await call.RequestStream.CompleteAsync();

        Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal("Bearer token-1", Authorizations["both"]);
    }

    [Fact]
    public async Task Without_a_token_a_stream_fails_where_it_is_waited_for_and_is_never_sent()
    {
        using var down = Invoker().AsyncServerStreamingCall(Down, null, Options("refused-down"), "1");
        using var up = Invoker().AsyncClientStreamingCall(Up, null, Options("refused-up"));
        var fault = new IamTestFault();
        _token.SetException(fault);

        Assert.Same(fault, await Assert.ThrowsAsync<IamTestFault>(() => down.ResponseStream.MoveNext(CancellationToken.None)));
        Assert.Same(fault, await Assert.ThrowsAsync<IamTestFault>(() => up.RequestStream.WriteAsync("a")));
        Assert.Same(fault, await Assert.ThrowsAsync<IamTestFault>(() => up.ResponseAsync));
        Assert.False(Authorizations.ContainsKey("refused-down") || Authorizations.ContainsKey("refused-up"));
    }

    [Fact]
    public async Task A_stream_that_is_given_up_before_it_begins_ends_when_it_does()
    {
        var call = Invoker().AsyncServerStreamingCall(Down, null, Options("given-up"), "1000000");
        var first = call.ResponseStream.MoveNext(CancellationToken.None);
        call.Dispose();
        await GrantAsync();

        // As with a call that is disposed of while somebody reads: by whichever of the two comes first.
        var end = await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            for (var more = await first; more; more = await call.ResponseStream.MoveNext(CancellationToken.None))
            {
            }
        });
        Assert.True(end is ObjectDisposedException or RpcException { StatusCode: StatusCode.Cancelled }, $"{end}");
    }

    private CallInvoker Invoker() => _channel.Intercept(new IamTokenInterceptor(_ => new ValueTask<AccessToken>(_token.Task)));

    /// <remarks>A header of the application's own stays, one that would be another token does not.</remarks>
    private static CallOptions Options(string name) => new(new Metadata { { "x-call", name }, { "authorization", "Bearer forgotten" } });

    private async Task GrantAsync() => _token.SetResult(await _fixture.Tokens.GetAsync(new TokenRequest("a.read"), CancellationToken.None));

    private sealed class IamTestFault : Exception;

    [BindServiceMethod(typeof(Streams), "Bind")]
    private abstract class StreamsBase
    {
        public abstract Task Down(string request, IServerStreamWriter<string> responses, ServerCallContext context);

        public abstract Task<string> Up(IAsyncStreamReader<string> requests, ServerCallContext context);

        public abstract Task Both(IAsyncStreamReader<string> requests, IServerStreamWriter<string> responses, ServerCallContext context);
    }

    private sealed class Streams : StreamsBase
    {
        public static void Bind(ServiceBinderBase binder, StreamsBase? service)
        {
            // The framework finds the methods by their names.
            binder.AddMethod(StreamingTests.Down, (ServerStreamingServerMethod<string, string>?)null);
            binder.AddMethod(StreamingTests.Up, (ClientStreamingServerMethod<string, string>?)null);
            binder.AddMethod(StreamingTests.Both, (DuplexStreamingServerMethod<string, string>?)null);
        }

        public override async Task Down(string request, IServerStreamWriter<string> responses, ServerCallContext context)
        {
            await NoteAsync(context);
            for (var i = 0; i < int.Parse(request, System.Globalization.CultureInfo.InvariantCulture); i++)
            {
                await responses.WriteAsync($"{i}");
            }

            context.ResponseTrailers.Add("x-sent", request);
        }

        public override async Task<string> Up(IAsyncStreamReader<string> requests, ServerCallContext context)
        {
            await NoteAsync(context);
            var all = "";
            while (await requests.MoveNext(context.CancellationToken))
            {
                all += requests.Current;
            }

            return all;
        }

        public override async Task Both(IAsyncStreamReader<string> requests, IServerStreamWriter<string> responses, ServerCallContext context)
        {
            await NoteAsync(context);
            while (await requests.MoveNext(context.CancellationToken))
            {
                await responses.WriteAsync(requests.Current);
            }
        }

        private static Task NoteAsync(ServerCallContext context)
        {
            var name = context.RequestHeaders.GetValue("x-call")!;
            Authorizations[name] = string.Join(", ", context.RequestHeaders.GetAll("authorization").Select(entry => entry.Value));
            return context.WriteResponseHeadersAsync(new Metadata { { "x-call", name } });
        }
    }
}
