using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.RealmAdmin.Documents;
using Pltfrms.Iam.RealmAdmin.Storage;

namespace Pltfrms.Iam.RealmAdmin.Realms;

/// <summary>Gives a realm as a document; without secrets, which nobody can read here: they are hashed or sealed.</summary>
public sealed class ExportRealm(IDatabase database, RealmTables tables)
{
    /// <exception cref="IamException">REALM_NOT_FOUND.</exception>
    public async Task<(string Document, long Revision)> ExecuteAsync(string realmId, CancellationToken cancellationToken)
    {
        await using var session = await database.BeginReadAsync(cancellationToken);
        var resources = await tables.ReadAsync(session, realmId, cancellationToken) ?? throw RealmNotFound.For(realmId);
        return (RealmDocumentWriter.Write(resources), resources.OfType<Realm>().Single().Revision);
    }
}
