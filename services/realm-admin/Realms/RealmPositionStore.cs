using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.RealmAdmin.Realms;

/// <summary>Where realms are, many at once, of the table <c>realm</c>. Those that do not exist are left out.</summary>
public sealed class RealmPositionStore
{
    private const string ListPostgresSql = "select realm_id, revision, created_at from realm where realm_id = any(@realmIds) and not deleted";

    private const string ListSqliteSql =
        "select realm_id, revision, created_at from realm where realm_id in (select value from json_each(@realmIds)) and not deleted";

    private const string SumSql = """
        select count(*) as realms, cast(coalesce(sum(revision), 0) as bigint) as revisions, max(created_at) as latest_at
        from (select revision, created_at from realm where not deleted limit @limit) as counted
        """;

    public async Task<IReadOnlyDictionary<string, RealmPosition>> ListAsync(
        DatabaseSession session, DatabaseEngine engine, ValueList<string> realmIds, CancellationToken cancellationToken)
    {
        // The one statement here that is not portable: the engines have no common way to pass a list.
        var rows = await session.QueryAsync<PositionRow>(
            engine == DatabaseEngine.Postgres ? ListPostgresSql : ListSqliteSql, new { realmIds }, cancellationToken);
        return rows.ToDictionary(row => row.RealmId, row => new RealmPosition(row.Revision, row.CreatedAt));
    }

    /// <summary>Of all realms, none of which is named: asking is much cheaper than for each. Null: there are more.</summary>
    /// <param name="session">The session.</param>
    /// <param name="most">How many there may be.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public async Task<RealmsSum?> SumAsync(DatabaseSession session, int most, CancellationToken cancellationToken) =>
        await session.QuerySingleOrDefaultAsync<RealmsSum>(SumSql, new { limit = most + 1L }, cancellationToken) is { } sum && sum.Realms <= most
            ? sum
            : null;

    private sealed record PositionRow
    {
        public required string RealmId { get; init; }

        public required long Revision { get; init; }

        public required DateTimeOffset CreatedAt { get; init; }
    }
}
