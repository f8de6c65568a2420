using Grpc.Core;

namespace Pltfrms.Iam.Client;

/// <summary>A streaming call that begins when there is a token.</summary>
internal sealed class DeferredCall<TCall>(Func<Task<AccessToken>> token, Func<AccessToken, TCall> begin, Action<TCall> dispose)
{
    private volatile Task<TCall> _call = BeginAsync(token, begin);
    private volatile bool _isDisposed;

    public TCall Made => _call is { IsCompletedSuccessfully: true } call ? call.Result : throw new InvalidOperationException("The call has not begun.");

    public Task<TCall> BegunAsync() => _call;

    public async Task<T> Of<T>(Func<TCall, T> part) => part(await _call);

    public async Task<T> OfAsync<T>(Func<TCall, Task<T>> part) => await part(await _call);

    /// <summary>In place of a call that was refused.</summary>
    public Task<TCall> BeginAgainAsync()
    {
        var again = BeginAsync(token, begin);
        _call = again;
        if (_isDisposed)
        {
            DisposeOf(again);
        }
        return again;
    }

    public void Dispose()
    {
        _isDisposed = true;
        DisposeOf(_call);
    }

    private void DisposeOf(Task<TCall> call) => _ = call.ContinueWith(
        begun =>
        {
            if (begun.IsCompletedSuccessfully)
            {
                dispose(begun.Result);
            }
            else
            {
                _ = begun.Exception;
            }
        },
        CancellationToken.None,
        TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);

    private static async Task<TCall> BeginAsync(Func<Task<AccessToken>> token, Func<AccessToken, TCall> begin) => begin(await token());
}

/// <summary>The answers of a call that may not have begun, and cannot be made again: what its refusal tells is for the next one.</summary>
/// <param name="inner">They.</param>
/// <param name="learning">Waits for a part of the call, and learns from its refusal.</param>
internal sealed class DeferredReader<T>(Task<IAsyncStreamReader<T>> inner, Func<Task<bool>, Task<bool>> learning) : IAsyncStreamReader<T>
{
    public T Current => inner.IsCompletedSuccessfully ? inner.Result.Current : throw new InvalidOperationException("Nothing has been read.");

    public Task<bool> MoveNext(CancellationToken cancellationToken) => learning(MoveAsync(cancellationToken));

    private async Task<bool> MoveAsync(CancellationToken cancellationToken) => await (await inner).MoveNext(cancellationToken);
}

/// <summary>The requests of a call that may not have begun.</summary>
internal sealed class DeferredWriter<T>(Task<IClientStreamWriter<T>> inner) : IClientStreamWriter<T>
{
    private WriteOptions? _options;

    public WriteOptions? WriteOptions
    {
        get => inner.IsCompletedSuccessfully ? inner.Result.WriteOptions : _options;
        set
        {
            _options = value;
            if (inner.IsCompletedSuccessfully)
            {
                inner.Result.WriteOptions = value;
            }
        }
    }

    public async Task WriteAsync(T message)
    {
        var writer = await inner;
        writer.WriteOptions ??= _options;
        await writer.WriteAsync(message);
    }

    public async Task CompleteAsync() => await (await inner).CompleteAsync();
}
