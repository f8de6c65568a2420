using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Pltfrms.Iam.Client;

namespace Client.Tests;

/// <summary>Calls through the client interceptor that fail, and of which only one part is waited for.</summary>
public sealed class UnobservedTests
{
    private static readonly Marshaller<string> Text = Marshallers.StringMarshaller;

    [Theory]
    [InlineData(MethodType.Unary, true)]
    [InlineData(MethodType.Unary, false)]
    [InlineData(MethodType.ServerStreaming, true)]
    [InlineData(MethodType.ServerStreaming, false)]
    [InlineData(MethodType.ClientStreaming, true)]
    [InlineData(MethodType.ClientStreaming, false)]
    [InlineData(MethodType.DuplexStreaming, true)]
    [InlineData(MethodType.DuplexStreaming, false)]
    public async Task A_failure_that_was_seen_in_one_part_of_a_call_is_not_reported_for_the_others(MethodType type, bool isThereAToken)
    {
        await using var fixture = await ClientFixture.StartAsync();
        var token = await fixture.Tokens.GetAsync(new TokenRequest("a.read"), CancellationToken.None);
        ConcurrentQueue<Exception> unobserved = [];
        void Note(object? sender, UnobservedTaskExceptionEventArgs args)
        {
            if (args.Exception.InnerExceptions.Any(inner => inner is SeenFault))
            {
                unobserved.Enqueue(args.Exception);
            }
        }

        TaskScheduler.UnobservedTaskException += Note;
        try
        {
            await FailAsync(new Failing().Intercept(new IamTokenInterceptor(_ => isThereAToken ? new(token) : throw new SeenFault())), type);
            for (var i = 0; i < 5; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Note;
        }

        Assert.Empty(unobserved);
    }

    /// <remarks>Apart, so that nothing keeps the call afterwards.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task FailAsync(CallInvoker invoker, MethodType type)
    {
        var method = new Method<string, string>(type, "test.Failing", "Fail", Text, Text);
        Func<Task> part = type switch
        {
            MethodType.Unary => () => invoker.AsyncUnaryCall(method, null, default, "").ResponseAsync,
            MethodType.ServerStreaming => () => invoker.AsyncServerStreamingCall(method, null, default, "").ResponseStream.MoveNext(CancellationToken.None),
            MethodType.ClientStreaming => () => invoker.AsyncClientStreamingCall(method, null, default).ResponseAsync,
            _ => () => invoker.AsyncDuplexStreamingCall(method, null, default).ResponseStream.MoveNext(CancellationToken.None),
        };
        await Assert.ThrowsAsync<SeenFault>(part);
    }

    private sealed class SeenFault : Exception;

    /// <summary>All parts of its calls fail.</summary>
    private sealed class Failing : CallInvoker
    {
        public override TResponse BlockingUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
            throw new SeenFault();

        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
            new(FailAsync<TResponse>(), FailAsync<Metadata>(), Status, Trailers, Dispose);

        public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
            new(new FailingStream<TResponse>(), FailAsync<Metadata>(), Status, Trailers, Dispose);

        public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options) =>
            new(new FailingStream<TRequest>(), FailAsync<TResponse>(), FailAsync<Metadata>(), Status, Trailers, Dispose);

        public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options) =>
            new(new FailingStream<TRequest>(), new FailingStream<TResponse>(), FailAsync<Metadata>(), Status, Trailers, Dispose);

        private static Status Status() => new(StatusCode.Unavailable, "");

        private static Metadata Trailers() => [];

        private static void Dispose()
        {
        }

        private static async Task<T> FailAsync<T>()
        {
            await Task.Yield();
            throw new SeenFault();
        }

        private sealed class FailingStream<T> : IAsyncStreamReader<T>, IClientStreamWriter<T>
        {
            public T Current => throw new SeenFault();

            public WriteOptions? WriteOptions { get; set; }

            public Task<bool> MoveNext(CancellationToken cancellationToken) => FailAsync<bool>();

            public Task WriteAsync(T message) => FailAsync<bool>();

            public Task CompleteAsync() => FailAsync<bool>();
        }
    }
}
