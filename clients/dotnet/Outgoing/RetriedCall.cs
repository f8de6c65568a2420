using Grpc.Core;

namespace Pltfrms.Iam.Client;

/// <summary>A unary call that begins when there is a token, and begins again where that one, or its proof for the lack of a nonce, is refused.</summary>
internal sealed class RetriedCall<TResponse>
{
    private readonly Func<AccessToken, AsyncUnaryCall<TResponse>> _begin;
    private volatile AsyncUnaryCall<TResponse>? _made;
    private volatile bool _disposed;

    public RetriedCall(
        Func<Task<AccessToken>> token, Func<AccessToken, AsyncUnaryCall<TResponse>> begin, Func<AccessToken, RpcException, bool> isWorthAnother)
    {
        _begin = begin;
        Response = RunAsync(token, isWorthAnother);
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

    private async Task<TResponse> RunAsync(Func<Task<AccessToken>> token, Func<AccessToken, RpcException, bool> isWorthAnother)
    {
        var first = await token();
        try
        {
            return await Begin(first).ResponseAsync;
        }
        catch (RpcException refusal) when (isWorthAnother(first, refusal))
        {
            return await Begin(await token()).ResponseAsync;
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
