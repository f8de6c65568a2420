namespace Pltfrms.Iam.Client;

/// <summary>
/// One request's token: held, renewed ahead of its expiry, and asked for once however many wait. A slot begins empty; all
/// its changes happen under its lock, and the way of a caller who finds a fresh token takes none.
/// </summary>
internal sealed class TokenSlot(Func<Task<AccessToken>> issue, TimeProvider clock)
{
    /// <summary>
    /// How long a failure answers newcomers too, and how long a token is kept at least: it bounds what a faulty server or
    /// credential costs, and is too short to be noticed once it is put right.
    /// </summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private volatile AccessToken? _current;
    private Task<AccessToken>? _inFlight;
    private Task<AccessToken>? _failed;
    private DateTimeOffset _failedUntil;
    private DateTimeOffset _replaceableFrom;
    private long _lastUsed;
    private bool _hasBegun;

    /// <summary>When the slot was last asked, in ticks; the order in which slots are dropped.</summary>
    public long LastUsed => Volatile.Read(ref _lastUsed);

    /// <summary>Whether a request is under way, or about to be: who adds a slot asks it.</summary>
    public bool Busy
    {
        get
        {
            lock (_gate)
            {
                return _inFlight is not null || !_hasBegun;
            }
        }
    }

    /// <summary>Whether there is nothing in it, and nothing on the way, that could still be handed out.</summary>
    public bool IsOver
    {
        get
        {
            var now = clock.GetUtcNow();
            lock (_gate)
            {
                return !Busy && !(_current is { } current && now < current.UsableUntil) && !(_failed is not null && now < _failedUntil);
            }
        }
    }

    public ValueTask<AccessToken> GetAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        Volatile.Write(ref _lastUsed, now.UtcTicks);
        if (_current is { } fresh && now < fresh.RenewAt)
        {
            return new(fresh);
        }
        Task<AccessToken> wait;
        lock (_gate)
        {
            if (_current is { } current && now < current.UsableUntil)
            {
                RenewInBackground(current, now);
                return new(current);
            }
            wait = _inFlight ?? (_failed is not null && now < _failedUntil ? _failed : Start());
        }
        return new(wait.WaitAsync(cancellationToken));
    }

    /// <summary>Drops a token that a server refused. Tells whether asking again gives another one.</summary>
    public bool TryReplace(AccessToken refused)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(_current, refused))
            {
                return true;
            }
            var now = clock.GetUtcNow();
            if (now < _replaceableFrom)
            {
                return false;
            }
            _replaceableFrom = now + Pause;
            _current = null;
            return true;
        }
    }

    private void RenewInBackground(AccessToken current, DateTimeOffset now)
    {
        if (now >= current.RenewAt && _inFlight is null && (_failed is null || now >= _failedUntil))
        {
            Start();
        }
    }

    private Task<AccessToken> Start()
    {
        _hasBegun = true;
        if (ExecutionContext.IsFlowSuppressed())
        {
            return _inFlight = Task.Run(RequestAsync);
        }

        // The request serves all who wait: it must not run under the first one's trace, culture or other ambient state.
        using (ExecutionContext.SuppressFlow())
        {
            return _inFlight = Task.Run(RequestAsync);
        }
    }

    private async Task<AccessToken> RequestAsync()
    {
        try
        {
            var token = await issue();
            token.Slot = this;
            lock (_gate)
            {
                _current = token;
                _inFlight = null;
                _failed = null;
            }
            return token;
        }
        catch
        {
            lock (_gate)
            {
                _failed = _inFlight;
                _failedUntil = clock.GetUtcNow() + Pause;
                _inFlight = null;
                // Nobody may be waiting for a renewal; its failure has been logged.
                _ = _failed!.ContinueWith(
                    static failed => _ = failed.Exception,
                    CancellationToken.None,
                    TaskContinuationOptions.ExecuteSynchronously,
                    TaskScheduler.Default);
            }
            throw;
        }
    }
}
