using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Consent.Dialog;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Consent.SelfService;

/// <summary>Opens the page "applications with access" to the browser that followed a link and came back as the user's, once.</summary>
public sealed class FinishSelfService(RealmSnapshots realms, IDatabase database, SelfServiceStore visits, ConsentPlaces places, TimeProvider clock)
{
    /// <exception cref="IamException">REALM_NOT_FOUND, RESOURCE_NOT_FOUND, REALM_FEED_UNAVAILABLE, STORAGE_UNAVAILABLE.</exception>
    public async Task<string> RunAsync(string realmId, string userId, string visit, CancellationToken cancellationToken)
    {
        var realm = await realms.GetAsync(realmId, 0, cancellationToken);
        await using var session = await database.BeginWriteAsync(cancellationToken);
        if (!await visits.OpenAsync(session, realmId, visit, userId, clock.GetUtcNow(), cancellationToken))
        {
            throw new IamException(ErrorReason.ResourceNotFound, "There is no such visit, or it is open already.")
            {
                Metadata = new Dictionary<string, string> { ["resource_kind"] = "account_visit", ["resource_id"] = "" },
            };
        }

        await session.CommitAsync(cancellationToken);
        return $"{places.AddressOf(realm.Realm)}{Visits.PathOf(realmId)}{ApplicationsEndpoint.List}";
    }
}
