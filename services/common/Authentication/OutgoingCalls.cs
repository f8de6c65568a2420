using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Pltfrms.Iam.Common.Authentication;

/// <summary>Attaches the service assertion to every call to a peer, and a deadline to every unary call that has none.</summary>
internal sealed class OutgoingCalls(string audience, ServiceAssertions assertions, TimeProvider clock) : Interceptor
{
    private static readonly TimeSpan DefaultDeadline = TimeSpan.FromSeconds(5);

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request,
        ClientInterceptorContext<TRequest, TResponse> context,
        AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        var options = Authenticated(context.Options);
        if (options.Deadline is null)
        {
            options = options.WithDeadline(clock.GetUtcNow().UtcDateTime + DefaultDeadline);
        }

        return continuation(request, new ClientInterceptorContext<TRequest, TResponse>(context.Method, context.Host, options));
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        TRequest request,
        ClientInterceptorContext<TRequest, TResponse> context,
        AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation) =>
        continuation(request, new ClientInterceptorContext<TRequest, TResponse>(context.Method, context.Host, Authenticated(context.Options)));

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context, AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation) =>
        continuation(new ClientInterceptorContext<TRequest, TResponse>(context.Method, context.Host, Authenticated(context.Options)));

    private CallOptions Authenticated(CallOptions options)
    {
        Metadata headers = [];
        foreach (var entry in options.Headers ?? [])
        {
            headers.Add(entry);
        }

        headers.Add("authorization", $"Bearer {assertions.For(audience)}");
        return options.WithHeaders(headers);
    }
}
