using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.RealmAdmin.Documents;
using Pltfrms.Iam.RealmAdmin.Realms;

namespace Pltfrms.Iam.RealmAdmin.Registration;

/// <summary>Notes which clients got tokens. It is no change of the realm: no revision, no event.</summary>
public sealed class RecordClientUse(IDatabase database, RealmStore realms, RegistrationStores stores, TimeProvider clock)
{
    /// <exception cref="IamException">REALM_NOT_FOUND.</exception>
    public async Task ExecuteAsync(string realmId, IReadOnlyCollection<string> clientIds, CancellationToken cancellationToken)
    {
        await using var session = await database.BeginWriteAsync(cancellationToken);
        _ = await realms.FindAsync(session, realmId, cancellationToken) ?? throw RealmNotFound.For(realmId);
        // In one order, so that two replicas that say the same do not wait for each other for ever.
        var ids = clientIds.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        await stores.Registrations.UseAsync(session, realmId, ids, Values.ToMicroseconds(clock.GetUtcNow()), cancellationToken);
        await session.CommitAsync(cancellationToken);
    }
}
