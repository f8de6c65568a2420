using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Consent.Pipeline;

/// <summary>Tells what the steps of the scope pipeline did in an authorization of the past.</summary>
public sealed class ExplainAuthorization(RealmSnapshots realms, IDatabase database, AuthorizationStore authorizations, TimeProvider clock)
{
    /// <exception cref="IamException">REALM_NOT_FOUND, RESOURCE_NOT_FOUND, STORAGE_UNAVAILABLE.</exception>
    public async Task<ScopeExplanation> RunAsync(string realmId, string authorizationId, CancellationToken cancellationToken)
    {
        // Only so that an unknown realm is told from an unknown authorization.
        await realms.GetLastKnownAsync(realmId, cancellationToken);
        await using var session = await database.OpenAsync(cancellationToken);
        var run = await authorizations.FindAsync(session, realmId, authorizationId, clock.GetUtcNow(), cancellationToken);
        return run is null
            ? throw new IamException(ErrorReason.ResourceNotFound, "There was no such authorization, or it is too long ago.")
            {
                Metadata = new Dictionary<string, string> { ["resource_kind"] = "authorization", ["resource_id"] = authorizationId },
            }
            : new ScopeExplanation(run.Offered, run.Granted ?? [], run.Steps, run.Revision);
    }
}
