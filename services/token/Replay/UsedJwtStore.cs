using System.Text.Json;
using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Token.Replay;

/// <summary>The table <c>used_jwt</c>.</summary>
public sealed class UsedJwtStore
{
    // The engines have no common way to pass a list.
    private const string PresentedPostgres =
        "(select realm_id, id_hash, expires_at from unnest(@realmIds, @idHashes, @expiries) as listed (realm_id, id_hash, expires_at)) presented";

    private const string PresentedSqlite =
        "(select value ->> 0 as realm_id, value ->> 1 as id_hash, value ->> 2 as expires_at from json_each(@jwts)) presented";

    // The expiry is part of the key because tables are partitioned by it; an id is used up all the same, whatever expiry it comes with.
    // In the order of the key, so that replicas which use some of the same wait for one another and never in a circle.
    private const string Unused = """
        where not exists (
            select 1 from used_jwt known where known.realm_id = presented.realm_id and known.id_hash = presented.id_hash)
        order by realm_id, id_hash, expires_at
        on conflict do nothing
        returning realm_id as RealmId, id_hash as IdHash
        """;

    private const string UsePostgresSql = $"""
        insert into used_jwt (realm_id, id_hash, expires_at)
        select realm_id, id_hash, expires_at
        from {PresentedPostgres}
        {Unused}
        """;

    private const string UseSqliteSql = $"""
        insert into used_jwt (realm_id, id_hash, expires_at)
        select realm_id, id_hash, expires_at
        from {PresentedSqlite}
        {Unused}
        """;

    /// <summary>Uses JWTs, of which no two have one id, and returns those that nobody used before. Of all that ever try one, one is told so.</summary>
    public async Task<IReadOnlySet<UsedJwt>> UseAsync(DatabaseSession session, IReadOnlyList<UsedJwt> jwts, CancellationToken cancellationToken)
    {
        var rows = session.Engine == DatabaseEngine.Postgres
            ? await session.QueryAsync<UsedRow>(UsePostgresSql, ListsOf(jwts), cancellationToken)
            : await session.QueryAsync<UsedRow>(UseSqliteSql, new { jwts = JsonOf(jwts) }, cancellationToken);
        var used = rows.Select(row => (row.RealmId, row.IdHash)).ToHashSet();
        return jwts.Where(jwt => used.Contains((jwt.RealmId, jwt.IdHash))).ToHashSet();
    }

    private static object ListsOf(IReadOnlyList<UsedJwt> jwts) => new
    {
        realmIds = jwts.Select(jwt => jwt.RealmId).ToArray(),
        idHashes = jwts.Select(jwt => jwt.IdHash).ToArray(),
        expiries = jwts.Select(jwt => jwt.ExpiresAt).ToArray(),
    };

    private static string JsonOf(IReadOnlyList<UsedJwt> jwts) =>
        JsonSerializer.Serialize(jwts.Select(jwt => new[] { jwt.RealmId, jwt.IdHash, InstantText.Write(jwt.ExpiresAt) }));

    private sealed record UsedRow
    {
        public required string RealmId { get; init; }

        public required string IdHash { get; init; }
    }
}
