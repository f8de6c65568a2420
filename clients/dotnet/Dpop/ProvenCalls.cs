using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Pltfrms.Iam.Client.Dpop;

/// <summary>Sends each of the library's own calls with a proof of its own (RFC 9449 section 7.1).</summary>
/// <param name="proofs">Makes them.</param>
/// <param name="address">Of the token service.</param>
internal sealed class ProvenCalls(DpopProofs proofs, Uri address) : Interceptor
{
    private const string Scheme = $"{DpopProofs.Scheme} ";

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation) =>
        continuation(request, Proven(context));

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        TRequest request,
        ClientInterceptorContext<TRequest, TResponse> context,
        AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation) =>
        continuation(request, Proven(context));

    private ClientInterceptorContext<TRequest, TResponse> Proven<TRequest, TResponse>(ClientInterceptorContext<TRequest, TResponse> context)
        where TRequest : class
        where TResponse : class
    {
        var authorization = context.Options.Headers?.GetValue("authorization");
        if (authorization?.StartsWith(Scheme, StringComparison.Ordinal) != true)
        {
            return context;
        }
        // The headers of a token are shared by all its calls.
        Metadata headers = new()
        {
            { "authorization", authorization },
            { "dpop", proofs.ForCall(new Uri(address, context.Method.FullName), authorization[Scheme.Length..]) },
        };
        return new(context.Method, context.Host, context.Options.WithHeaders(headers));
    }
}
