namespace Pltfrms.Iam.Client.Decisions;

/// <summary>One way to get answers: a mode. None makes an answer of an outage.</summary>
internal abstract class DecisionSource
{
    public abstract Task<Introspection> IntrospectAsync(string token, long minRevision, CancellationToken cancellationToken);

    public abstract Task<PermissionDecision> CheckAsync(PermissionCheck check, CancellationToken cancellationToken);
}
