using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.Authorization;
using Pltfrms.Iam.Token.Login;
using Pltfrms.Iam.Token.Sessions;

namespace Pltfrms.Iam.Token.Upstream;

/// <summary>The request that a login at a provider is for, and how it goes on.</summary>
public sealed class UpstreamFlow(
    Authorizations authorizations, AuthorizationFlow authorization, AuthorizationSteps steps, CompleteLogin complete, FlowWriter writer)
{
    /// <exception cref="IamException">INVALID_REQUEST where it is unknown, expired, answered, or another browser's.</exception>
    public Task<OpenAuthorization> FindAsync(string realmId, string handle, string? browser, CancellationToken cancellationToken) =>
        authorizations.FindAsync(realmId, handle, browser, cancellationToken);

    public async Task CompleteAsync(HttpContext context, RealmSnapshot realm, OpenAuthorization open, CompletedLogin login) =>
        await complete.ExecuteAsync(context, await steps.ContextAsync(context, realm, open), login);

    /// <summary>Tells the client, where it can be told safely, that nobody logged in.</summary>
    public async Task RefuseAsync(HttpContext context, RealmSnapshot realm, OpenAuthorization open, IamException refusal)
    {
        var flow = await steps.ContextAsync(context, realm, open);
        flow.RequireAsker();
        if (refusal.Reason == ErrorReason.ServiceUnavailable)
        {
            // An outage is no answer: a device goes on waiting, and its user tries again.
            throw flow.Refused(refusal);
        }

        await writer.WriteAsync(context, flow, await authorization.RefuseAsync(flow, refusal, context.RequestAborted));
    }
}
