namespace Pltfrms.Iam.Token.Upstream;

/// <summary>Something of a provider's that is fetched once for all who wait for it, and kept.</summary>
/// <param name="fetch">Ends by itself: it is nobody's who waits.</param>
/// <param name="clock">The clock.</param>
/// <param name="keptFor">How long it is good where it cannot be fetched anew; null: for ever.</param>
internal sealed class FetchedDocument<T>(Func<Task<T>> fetch, TimeProvider clock, TimeSpan? keptFor = null)
    where T : class
{
    /// <summary>A provider that gives no answer is not asked again by everybody who comes.</summary>
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private volatile Fetched? _last;
    private volatile Failure? _failure;
    private Task<T>? _fetching;

    /// <summary>The document, no older than this; where it cannot be fetched, an older one.</summary>
    /// <exception cref="ProviderException">There is none.</exception>
    public Task<T> GetAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        if (Fresh(age) is { } known)
        {
            return Task.FromResult(known);
        }

        lock (_lock)
        {
            if (Fresh(age) is { } fetched)
            {
                return Task.FromResult(fetched);
            }

            _fetching = _fetching is { IsCompleted: false } underWay ? underWay : FetchAsync();
            return _fetching.WaitAsync(cancellationToken);
        }
    }

    private T? Fresh(TimeSpan age) => _last is { } last && clock.GetUtcNow() < last.At + age ? last.Document : null;

    private async Task<T> FetchAsync()
    {
        if (_failure is { } failure && clock.GetUtcNow() < failure.At + AfterFailure)
        {
            return Kept() ?? throw new ProviderException(failure.Why.Message, failure.Why);
        }

        try
        {
            var document = await fetch();
            _last = new Fetched(document, clock.GetUtcNow());
            return document;
        }
        catch (ProviderException exception)
        {
            _failure = new Failure(exception, clock.GetUtcNow());
            if (Kept() is { } kept)
            {
                return kept;
            }

            throw;
        }
    }

    private T? Kept() => keptFor is { } age ? Fresh(age) : _last?.Document;

    private sealed record Fetched(T Document, DateTimeOffset At);

    private sealed record Failure(ProviderException Why, DateTimeOffset At);
}
