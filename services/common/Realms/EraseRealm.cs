using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Common.Realms;

/// <summary>Erases what a service keeps of a deleted realm. Of one that exists it erases nothing, whoever asks.</summary>
public sealed class EraseRealm(RealmSnapshots realms, RealmRows rows)
{
    /// <summary>So many that a call ends well within its deadline.</summary>
    private const int MostRows = 10_000;

    /// <returns>How many rows were erased, and whether the realm is gone and none were left.</returns>
    /// <exception cref="Errors.IamException">REALM_FEED_UNAVAILABLE where nobody can say whether there is such a realm; STORAGE_UNAVAILABLE.</exception>
    public async Task<(long Erased, bool Done)> ExecuteAsync(string realmId, CancellationToken cancellationToken)
    {
        if (await realms.ExistsAsync(realmId, cancellationToken))
        {
            return (0, false);
        }

        var erased = await rows.EraseAsync(realmId, MostRows, cancellationToken);
        return (erased, erased == 0);
    }
}
