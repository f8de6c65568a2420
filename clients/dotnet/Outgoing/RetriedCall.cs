using Grpc.Core;

namespace Pltfrms.Iam.Client;

/// <summary>A unary call that begins when there is a token, and begins again where that one, or its proof for the lack of a nonce, is refused.</summary>
internal sealed class RetriedCall<TResponse>
{
    private readonly Func<AccessToken, AsyncUnaryCall<TResponse>> _begin;
    private volatile AsyncUnaryCall<TResponse>? _made;
    private volatile bool _disposed;

    public RetriedCall(Func<AccessToken, AsyncUnaryCall<TResponse>> begin, AccessTokenSource source, Func<RpcException, bool> learns, CancellationToken cancellationToken)
    {
        _begin = begin;
        Response = RunAsync(source, learns, cancellationToken);
    }

    public Task<TResponse> Response { get; }

    public async Task<Metadata> HeadersAsync()
    {
        await ((Task)Response).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _made is { } made ? await made.ResponseHeadersAsync : [];
    }

    public Status Status() => _made?.GetStatus() ?? throw new InvalidOperationException("The call has not ended.");

    public Metadata Trailers() => _made?.GetTrailers() ?? throw new InvalidOperationException("The call has not ended.");

    public void Dispose()
    {
        _disposed = true;
        _made?.Dispose();
    }

    private async Task<TResponse> RunAsync(AccessTokenSource source, Func<RpcException, bool> learns, CancellationToken cancellationToken)
    {
        var token = await source(cancellationToken);
        try
        {
            return await Begin(token).ResponseAsync;
        }
        catch (RpcException fault) when (learns(fault) || (fault.StatusCode == StatusCode.Unauthenticated && token.TryReplace()))
        {
            return await Begin(await source(cancellationToken)).ResponseAsync;
        }
    }

    private AsyncUnaryCall<TResponse> Begin(AccessToken token)
    {
        var made = _begin(token);
        _made = made;
        if (_disposed)
        {
            made.Dispose();
        }
        return made;
    }
}
