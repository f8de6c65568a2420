using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.RealmAdmin.Changes;
using Pltfrms.Iam.RealmAdmin.Realms;
using Pltfrms.Iam.RealmAdmin.Writes;

namespace Pltfrms.Iam.RealmAdmin.Registration;

/// <summary>Removes a client that asks for it (RFC 7592 section 2.3), with its role bindings.</summary>
public sealed class DeleteRegistration(IDatabase database, RealmWrites writes, OwnRegistration registrations, RemoveResource remove)
{
    /// <summary>The revision without it.</summary>
    /// <exception cref="IamException">REALM_NOT_FOUND, NOT_OFFERED, UNAUTHENTICATED; RESOURCE_IN_USE where the realm's own settings name it.</exception>
    public async Task<long> ExecuteAsync(Caller caller, string realmId, string clientId, string token, CancellationToken cancellationToken)
    {
        await using (var session = await database.BeginReadAsync(cancellationToken))
        {
            await registrations.FindAsync(session, realmId, clientId, token, cancellationToken);
        }

        await using var write = await writes.BeginAsync(realmId, cancellationToken) ?? throw RealmNotFound.For(realmId);
        var own = await registrations.FindAsync(write.Session, realmId, clientId, token, cancellationToken);
        await remove.ExecuteAsync(write, own.Realm, own.Client, cascade: true, "client_id", cancellationToken);
        await write.CommitAsync(caller with { ClientId = clientId }, cancellationToken);
        return write.ResultingRevision;
    }
}
