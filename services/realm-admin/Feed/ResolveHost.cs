using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.RealmAdmin.Realms;

namespace Pltfrms.Iam.RealmAdmin.Feed;

/// <summary>Finds the realm that has a host name: one look into an index, however many realms there are.</summary>
public sealed class ResolveHost(IDatabase database, RealmHostStore hosts)
{
    /// <summary>Null: no realm has it.</summary>
    public async Task<string?> ExecuteAsync(string hostName, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        return await hosts.FindRealmAsync(session, hostName, cancellationToken);
    }
}
