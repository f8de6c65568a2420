using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.RealmAdmin.Realms;

/// <summary>The table <c>realm_host</c>: which realm has which host name. The one uniqueness that spans realms (ADR 0010).</summary>
public sealed class RealmHostStore
{
    private const string FindSql = "select realm_id from realm_host where host_name = @hostName";

    private const string FreeSql = "delete from realm_host where realm_id = @realmId and host_name <> @hostName";

    // Waits for a transaction that takes the same name, and then finds it taken.
    private const string TakeSql = """
        insert into realm_host (realm_id, host_name)
        values (@realmId, @hostName)
        on conflict do nothing
        """;

    /// <summary>The realm; null where none has the host name.</summary>
    public Task<string?> FindRealmAsync(DatabaseSession session, string hostName, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<string>(FindSql, new { hostName }, cancellationToken);

    /// <summary>Gives a realm a host name, or none; false where another realm has it.</summary>
    public async Task<bool> SetAsync(DatabaseSession session, string realmId, string? hostName, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync(FreeSql, new { realmId, hostName = hostName ?? "" }, cancellationToken);
        return hostName is null
            || await session.ExecuteAsync(TakeSql, new { realmId, hostName }, cancellationToken) == 1
            || await FindRealmAsync(session, hostName, cancellationToken) == realmId;
    }
}
