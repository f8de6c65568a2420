using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Token.Replay;

/// <summary>
/// Sees to it that client assertions, DPoP proofs and whatever else a sender signs for one request count once, at whichever replica: the database
/// decides. All that come while one commit is under way travel together in the next one, so that a commit to disk is not the price of each request.
/// </summary>
public sealed class UsedJwts(IDatabase database, UsedJwtStore store, TimeProvider clock)
{
    private const int MostAtOnce = 500;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly CommitPace _pace = new(clock);
    private readonly Lock _gate = new();
    private readonly Queue<Presented> _waiting = [];
    private bool _isCommitting;

    /// <summary>Whether this is the first use. Nobody else is ever told that it is.</summary>
    /// <param name="jwt">What was presented, its signature verified.</param>
    /// <param name="cancellationToken">The request's. Who does not wait for the answer may have used it all the same.</param>
    /// <exception cref="Common.Errors.IamException">STORAGE_UNAVAILABLE where nobody can know.</exception>
    public Task<bool> UseAsync(UsedJwt jwt, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var presented = new Presented(jwt);
        bool isIdle;
        lock (_gate)
        {
            _waiting.Enqueue(presented);
            isIdle = !_isCommitting;
            _isCommitting = true;
        }

        _pace.Arrive();
        if (isIdle)
        {
            // Not the request's own work: others' answers depend on it, and it may go away. Behind all that waits for a thread, some of which will use JWTs too.
            ThreadPool.UnsafeQueueUserWorkItem(static all => _ = all.CommitAllAsync(), this, preferLocal: false);
        }

        return presented.Answer.WaitAsync(cancellationToken);
    }

    private async Task CommitAllAsync()
    {
        while (Next() is { Count: > 0 } together)
        {
            await CommitAsync(together);
            await _pace.WaitAsync(together.Count);
        }
    }

    private List<Presented> Next()
    {
        lock (_gate)
        {
            var together = new List<Presented>(Math.Min(_waiting.Count, MostAtOnce));
            while (together.Count < MostAtOnce && _waiting.TryDequeue(out var presented))
            {
                together.Add(presented);
            }

            _isCommitting = together.Count > 0;
            return together;
        }
    }

    private async Task CommitAsync(List<Presented> together)
    {
        try
        {
            // Of those with one id, the first to come.
            var distinct = together.DistinctBy(presented => (presented.Jwt.RealmId, presented.Jwt.IdHash)).ToHashSet();
            var unused = await UseAsync([.. distinct.Select(presented => presented.Jwt)]);
            foreach (var presented in together)
            {
                presented.Tell(distinct.Contains(presented) && unused.Contains(presented.Jwt));
            }
        }
        catch (Exception failure)
        {
            together.ForEach(presented => presented.Tell(failure));
        }
    }

    private async Task<IReadOnlySet<UsedJwt>> UseAsync(UsedJwt[] jwts)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        return await store.UseAsync(database, jwts, patience.Token);
    }

    /// <summary>One that waits for its answer.</summary>
    private sealed class Presented(UsedJwt jwt)
    {
        private readonly TaskCompletionSource<bool> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public UsedJwt Jwt => jwt;

        public Task<bool> Answer => _answer.Task;

        public void Tell(bool isFirst) => _answer.TrySetResult(isFirst);

        public void Tell(Exception failure) => _answer.TrySetException(failure);
    }
}
