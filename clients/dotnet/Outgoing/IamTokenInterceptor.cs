using Grpc.Core;
using Grpc.Core.Interceptors;
using Pltfrms.Iam.Client.Dpop;

namespace Pltfrms.Iam.Client;

/// <summary>
/// Sends each call of a gRPC client with an access token, renewed in time: <c>channel.Intercept(new IamTokenInterceptor(...))</c>.
/// A unary call whose token is refused although it has not expired is made once more with another one, and one with one request that is refused because
/// the service wants a nonce in its proof (RFC 9449 section 9) with that nonce; so are all calls from then on. None waits for a token beyond its deadline.
/// </summary>
/// <param name="source">Gives the tokens.</param>
/// <param name="address">Of the service, as it sees itself, for the DPoP proofs of tokens that are bound to a key; null: no token is.</param>
public sealed class IamTokenInterceptor(AccessTokenSource source, Uri? address = null) : Interceptor
{
    private volatile string? _nonce;

    /// <inheritdoc/>
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, BlockingUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        ArgumentNullException.ThrowIfNull(continuation);
        AccessToken Token() => TokenAsync(context).GetAwaiter().GetResult();
        var token = Token();
        try
        {
            return continuation(request, With(token, context));
        }
        catch (RpcException refusal) when (IsWorthAnother(token, refusal))
        {
            return continuation(request, With(Token(), context));
        }
    }

    /// <inheritdoc/>
    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        ArgumentNullException.ThrowIfNull(continuation);
        var made = new RetriedCall<TResponse>(() => TokenAsync(context), token => continuation(request, With(token, context)), IsWorthAnother);
        return new(made.Response, Observed(made.HeadersAsync()), made.Status, made.Trailers, made.Dispose);
    }

    /// <inheritdoc/>
    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        TRequest request,
        ClientInterceptorContext<TRequest, TResponse> context,
        AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        ArgumentNullException.ThrowIfNull(continuation);
        var call = new DeferredCall<AsyncServerStreamingCall<TResponse>>(
            () => TokenAsync(context), token => continuation(request, With(token, context)), static inner => inner.Dispose());
        return new(
            new RetriedReader<TResponse>(call, Learns),
            Observed(call.OfAsync(static inner => inner.ResponseHeadersAsync)),
            () => call.Made.GetStatus(),
            () => call.Made.GetTrailers(),
            call.Dispose);
    }

    /// <inheritdoc/>
    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context, AsyncClientStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        ArgumentNullException.ThrowIfNull(continuation);
        var call = new DeferredCall<AsyncClientStreamingCall<TRequest, TResponse>>(
            () => TokenAsync(context), token => continuation(With(token, context)), static inner => inner.Dispose());
        return new(
            new DeferredWriter<TRequest>(Observed(call.Of(static inner => inner.RequestStream))),
            LearningAsync(call.OfAsync(static inner => inner.ResponseAsync)),
            Observed(call.OfAsync(static inner => inner.ResponseHeadersAsync)),
            () => call.Made.GetStatus(),
            () => call.Made.GetTrailers(),
            call.Dispose);
    }

    /// <inheritdoc/>
    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context, AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        ArgumentNullException.ThrowIfNull(continuation);
        var call = new DeferredCall<AsyncDuplexStreamingCall<TRequest, TResponse>>(
            () => TokenAsync(context), token => continuation(With(token, context)), static inner => inner.Dispose());
        return new(
            new DeferredWriter<TRequest>(Observed(call.Of(static inner => inner.RequestStream))),
            new DeferredReader<TResponse>(Observed(call.Of(static inner => inner.ResponseStream)), LearningAsync),
            Observed(call.OfAsync(static inner => inner.ResponseHeadersAsync)),
            () => call.Made.GetStatus(),
            () => call.Made.GetTrailers(),
            call.Dispose);
    }

    private Uri AddressForProofs => address
        ?? throw new InvalidOperationException("The token is bound to a key: the interceptor needs the service's address, for which its proofs are made.");

    /// <summary>Who makes a call need not look at all its parts: each tells of the same failure.</summary>
    private static Task<TPart> Observed<TPart>(Task<TPart> part)
    {
        _ = part.ContinueWith(
            static failed => _ = failed.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return part;
    }

    private bool IsWorthAnother(AccessToken token, RpcException refusal) =>
        Learns(refusal) || (refusal.StatusCode == StatusCode.Unauthenticated && token.TryReplace());

    private bool Learns(RpcException refusal)
    {
        if (address is null || DemandedNonce.In(refusal) is not { } nonce)
        {
            return false;
        }
        _nonce = nonce;
        return true;
    }

    private async Task<TResponse> LearningAsync<TResponse>(Task<TResponse> answer)
    {
        try
        {
            return await answer;
        }
        catch (RpcException refusal) when (Learns(refusal))
        {
            throw;
        }
    }

    /// <remarks>Goes on anywhere: where the call blocks, its thread does nothing else.</remarks>
    private async Task<AccessToken> TokenAsync<TRequest, TResponse>(ClientInterceptorContext<TRequest, TResponse> context)
        where TRequest : class
        where TResponse : class
    {
        var given = context.Options.CancellationToken;
        if (context.Options.Deadline is not { } deadline)
        {
            return await source(given).ConfigureAwait(false);
        }
        using var end = CancellationTokenSource.CreateLinkedTokenSource(given);
        // By the system's clock, as gRPC compares it; a deadline may be as far off as the end of time.
        end.CancelAfter((int)Math.Clamp((deadline - TimeProvider.System.GetUtcNow().UtcDateTime).TotalMilliseconds, 0, int.MaxValue));
        try
        {
            return await source(end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested && !given.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.DeadlineExceeded, "There was no token before the call's deadline."));
        }
    }

    private ClientInterceptorContext<TRequest, TResponse> With<TRequest, TResponse>(
        AccessToken token, ClientInterceptorContext<TRequest, TResponse> context)
        where TRequest : class
        where TResponse : class
    {
        var headers = new Metadata();
        foreach (var entry in context.Options.Headers ?? [])
        {
            if (entry.Key is not ("authorization" or "dpop"))
            {
                headers.Add(entry);
            }
        }
        headers.Add("authorization", $"{token.Scheme} {token.Value}");
        if (token.IsBound)
        {
            headers.Add("dpop", token.Prove("POST", new(AddressForProofs, context.Method.FullName), _nonce));
        }
        return new(context.Method, context.Host, context.Options.WithHeaders(headers));
    }
}
