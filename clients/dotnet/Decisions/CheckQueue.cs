using Wire = Pltfrms.Iam.Token.V1;

namespace Pltfrms.Iam.Client.Decisions;

/// <summary>
/// Sends checks that are asked at the same moment in one call: a check that comes while others are about to leave goes with
/// them. Nothing waits for company, and no call waits for another one's answer.
/// </summary>
internal sealed class CheckQueue(IamCalls calls, TimeProvider clock) : IThreadPoolWorkItem
{
    /// <summary>How many checks one call carries; the token service takes 1,000.</summary>
    internal const int MaxTogether = 200;

    /// <summary>In bytes, a quarter of what a call may have: somebody's callers may present what is no token, and large.</summary>
    private const int MaxSize = 1024 * 1024;

    private readonly Lock _gate = new();
    private List<WaitingCheck> _waiting = [];

    public Task<PermissionDecision> CheckAsync(PermissionCheck check, CallDeadline deadline, CancellationToken cancellationToken)
    {
        var waiting = new WaitingCheck(check.ToWire(calls.RealmId), clock.GetUtcNow(), deadline, cancellationToken);
        bool first;
        lock (_gate)
        {
            _waiting.Add(waiting);
            first = _waiting.Count == 1;
        }
        if (first)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
        return waiting.Answer;
    }

    void IThreadPoolWorkItem.Execute() => _ = LeaveAsync();

    private async Task LeaveAsync()
    {
        await calls.ReadyAsync();
        List<WaitingCheck> leaving;
        lock (_gate)
        {
            leaving = _waiting;
            _waiting = [];
        }
        // A revision that one waits for is no reason to let the others wait.
        foreach (var group in leaving.Where(static waiting => !waiting.Cancellation.IsCancellationRequested).GroupBy(static waiting => waiting.Request.MinRevision))
        {
            foreach (var together in Together(group))
            {
                _ = together is [var alone] ? SendAloneAsync(alone) : SendAsync(together);
            }
        }
    }

    private static IEnumerable<WaitingCheck[]> Together(IEnumerable<WaitingCheck> leaving)
    {
        List<WaitingCheck> together = [];
        var size = 0;
        foreach (var waiting in leaving)
        {
            var more = waiting.Request.CalculateSize();
            if (together.Count == MaxTogether || (together.Count > 0 && size + more > MaxSize))
            {
                yield return [.. together];
                together.Clear();
                size = 0;
            }
            together.Add(waiting);
            size += more;
        }
        if (together.Count > 0)
        {
            yield return [.. together];
        }
    }

    private Task SendAloneAsync(WaitingCheck waiting)
    {
        var sent = Task.CompletedTask;
        if (waiting.Context is { } context)
        {
            ExecutionContext.Run(context, _ => sent = SendAsync(waiting), null);
            return sent;
        }
        return SendAsync(waiting);
    }

    private async Task SendAsync(WaitingCheck waiting)
    {
        try
        {
            var response = await calls.CallAsync(
                "check",
                static (clients, message, options) => clients.Permissions.CheckPermissionAsync(message, options),
                waiting.Request,
                waiting.Deadline,
                waiting.Cancellation);
            waiting.Decide(response.FromWire());
        }
        catch (Exception fault)
        {
            waiting.Fail(fault);
        }
    }

    private async Task SendAsync(WaitingCheck[] together)
    {
        try
        {
            var request = new Wire.BatchCheckPermissionsRequest { RealmId = calls.RealmId, MinRevision = together[0].Request.MinRevision };
            request.Checks.AddRange(together.Select(static waiting => waiting.Request));
            var response = await calls.CallAsync(
                "check_together",
                static (clients, message, options) => clients.Permissions.BatchCheckPermissionsAsync(message, options),
                request,
                together[0].Deadline,
                CancellationToken.None);
            RpcFault.RequireAnswers(together.Length, response.Results.Count);
            foreach (var (waiting, result) in together.Zip(response.Results))
            {
                waiting.Decide(result.FromWire());
            }
        }
        catch (IamClientException fault) when (fault.Reason is IamErrorReason.InvalidArgument or IamErrorReason.RequestTooLarge)
        {
            // One malformed check fails the call; whose it is, and which field, each learns alone.
            await Task.WhenAll(together.Select(SendAloneAsync));
        }
        catch (Exception fault)
        {
            foreach (var waiting in together)
            {
                waiting.Fail(fault);
            }
        }
    }
}
