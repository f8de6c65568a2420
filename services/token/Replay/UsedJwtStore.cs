using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Token.Replay;

/// <summary>The table <c>used_jwt</c>.</summary>
public sealed class UsedJwtStore
{
    // The expiry is part of the key because tables are partitioned by it; an id is used up all the same, whatever expiry it comes with.
    // In the order of the key, so that replicas which use some of the same wait for one another and never in a circle. What is known is asked for one
    // by one: a join is planned once, for the empty table of the first minute, and would read all of it ever after.
    private const string UsePostgresSql = """
        insert into used_jwt (realm_id, id_hash, expires_at)
        select realm_id, id_hash, expires_at
        from unnest(@realm_id, @id_hash, @expires_at) as presented (realm_id, id_hash, expires_at)
        where (
            select known.id_hash from used_jwt known where known.realm_id = presented.realm_id and known.id_hash = presented.id_hash limit 1) is null
        order by realm_id, id_hash, expires_at
        on conflict do nothing
        returning realm_id, id_hash
        """;

    private const string UseSqliteSql = """
        insert into used_jwt (realm_id, id_hash, expires_at)
        select @realm_id, @id_hash, @expires_at
        where not exists (select 1 from used_jwt where realm_id = @realm_id and id_hash = @id_hash)
        """;

    /// <summary>
    /// Uses JWTs, of which no two have one id, and returns those that nobody used before. Of all that ever try one, one is told so, after it is on disk.
    /// </summary>
    public async Task<IReadOnlySet<UsedJwt>> UseAsync(IDatabase database, IReadOnlyList<UsedJwt> jwts, CancellationToken cancellationToken)
    {
        var columns = new Dictionary<string, Array>
        {
            ["realm_id"] = jwts.Select(jwt => jwt.RealmId).ToArray(),
            ["id_hash"] = jwts.Select(jwt => jwt.IdHash).ToArray(),
            ["expires_at"] = jwts.Select(jwt => jwt.ExpiresAt).ToArray(),
        };
        return database.Engine == DatabaseEngine.Postgres
            ? await UseAtOnceAsync(database, jwts, columns, cancellationToken)
            : await UseOneByOneAsync(database, jwts, columns, cancellationToken);
    }

    /// <remarks>One statement, which is its own transaction: one round trip.</remarks>
    private static async Task<IReadOnlySet<UsedJwt>> UseAtOnceAsync(
        IDatabase database, IReadOnlyList<UsedJwt> jwts, IReadOnlyDictionary<string, Array> columns, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        var used = await session.QueryColumnsAsync(UsePostgresSql, columns, row => (row.GetString(0), row.GetString(1)), cancellationToken);
        var unused = used.ToHashSet();
        return jwts.Where(jwt => unused.Contains((jwt.RealmId, jwt.IdHash))).ToHashSet();
    }

    private static async Task<IReadOnlySet<UsedJwt>> UseOneByOneAsync(
        IDatabase database, IReadOnlyList<UsedJwt> jwts, IReadOnlyDictionary<string, Array> columns, CancellationToken cancellationToken)
    {
        await using var session = await database.BeginWriteAsync(cancellationToken);
        var added = session.ExecuteRows(UseSqliteSql, columns);
        await session.CommitAsync(cancellationToken);
        return jwts.Where((_, row) => added[row] == 1).ToHashSet();
    }
}
