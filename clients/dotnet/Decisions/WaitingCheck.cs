using Wire = Pltfrms.Iam.Token.V1;

namespace Pltfrms.Iam.Client.Decisions;

/// <summary>A check that is to be sent, and who waits for its answer.</summary>
/// <param name="request">Made by who asks, so that a fault of theirs is nobody else's.</param>
/// <param name="askedAt">When.</param>
/// <param name="deadline">Of the answer.</param>
/// <param name="cancellationToken">Who asks waits no longer.</param>
internal sealed class WaitingCheck(Wire.CheckPermissionRequest request, DateTimeOffset askedAt, CallDeadline deadline, CancellationToken cancellationToken)
{
    private readonly TaskCompletionSource<PermissionDecision> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Wire.CheckPermissionRequest Request { get; } = request;

    public CallDeadline Deadline { get; } = deadline;

    public CancellationToken Cancellation { get; } = cancellationToken;

    /// <summary>The caller's trace, which a call for this check alone belongs to.</summary>
    public ExecutionContext? Context { get; } = ExecutionContext.Capture();

    public Task<PermissionDecision> Answer => Cancellation.CanBeCanceled ? _answer.Task.WaitAsync(Cancellation) : _answer.Task;

    public void Decide(PermissionDecision decision) => _answer.TrySetResult(decision with { AnsweredAt = askedAt });

    public void Fail(Exception fault) => _answer.TrySetException(fault);
}
