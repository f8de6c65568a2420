using Grpc.Core;

namespace Pltfrms.Iam.Client;

/// <summary>The answers of a call with one request, which is made once more where it is refused before there was one and another proof would do.</summary>
/// <param name="call">The call.</param>
/// <param name="learns">Whether a refusal tells what was missing.</param>
internal sealed class RetriedReader<T>(DeferredCall<AsyncServerStreamingCall<T>> call, Func<RpcException, bool> learns) : IAsyncStreamReader<T>
{
    private bool _isFinal;

    public T Current => call.Made.ResponseStream.Current;

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        var made = await call.BegunAsync();
        try
        {
            var moved = await made.ResponseStream.MoveNext(cancellationToken);
            _isFinal = true;
            return moved;
        }
        catch (RpcException refusal) when (learns(refusal) && !_isFinal)
        {
            _isFinal = true;
            made.Dispose();
            return await (await call.BeginAgainAsync()).ResponseStream.MoveNext(cancellationToken);
        }
    }
}
