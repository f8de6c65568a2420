using Wire = Pltfrms.Iam.Token.V1;

namespace Pltfrms.Iam.Client.Decisions;

/// <summary>Asks for every answer; checks of the same moment in one call.</summary>
internal sealed class RemoteDecisions(IamCalls calls, CheckQueue queue, TimeProvider clock) : DecisionSource
{
    public override Task<Introspection> IntrospectAsync(string token, long minRevision, CancellationToken cancellationToken) =>
        IntrospectAsync(token, minRevision, calls.Deadline(), cancellationToken);

    public async Task<Introspection> IntrospectAsync(string token, long minRevision, CallDeadline deadline, CancellationToken cancellationToken)
    {
        var askedAt = clock.GetUtcNow();
        var request = new Wire.IntrospectTokenRequest { RealmId = calls.RealmId, Token = token, MinRevision = minRevision };
        var response = await calls.CallAsync(
            "introspect",
            static (clients, message, options) => clients.Tokens.IntrospectTokenAsync(message, options),
            request,
            deadline,
            cancellationToken);
        return response.FromWire() with { AnsweredAt = askedAt };
    }

    public override Task<PermissionDecision> CheckAsync(PermissionCheck check, CancellationToken cancellationToken) =>
        CheckAsync(check, calls.Deadline(), cancellationToken);

    public Task<PermissionDecision> CheckAsync(PermissionCheck check, CallDeadline deadline, CancellationToken cancellationToken) =>
        queue.CheckAsync(check, deadline, cancellationToken);
}
