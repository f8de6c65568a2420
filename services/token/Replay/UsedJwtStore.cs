using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Token.Replay;

/// <summary>The table <c>used_jwt</c>.</summary>
public sealed class UsedJwtStore
{
    // The expiry is part of the key because tables are partitioned by it; an id is used up all the same, whatever expiry it comes with.
    private const string UseSql = """
        insert into used_jwt (realm_id, id_hash, expires_at)
        select @RealmId, @IdHash, @ExpiresAt
        where not exists (select 1 from used_jwt where realm_id = @RealmId and id_hash = @IdHash)
        on conflict do nothing
        """;

    // In the order of the key, so that replicas which use some of the same wait for one another and never in a circle.
    private const string UseManySql = """
        insert into used_jwt (realm_id, id_hash, expires_at)
        select realm_id, id_hash, expires_at
        from unnest(@realmIds, @idHashes, @expiries) as presented (realm_id, id_hash, expires_at)
        where not exists (
            select 1 from used_jwt known where known.realm_id = presented.realm_id and known.id_hash = presented.id_hash)
        order by realm_id, id_hash, expires_at
        on conflict do nothing
        returning realm_id as RealmId, id_hash as IdHash, expires_at as ExpiresAt
        """;

    /// <summary>Uses JWTs, of which no two have one id, and returns those that nobody used before. Of all that ever try one, one is told so.</summary>
    public async Task<IReadOnlySet<UsedJwt>> UseAsync(DatabaseSession session, IReadOnlyList<UsedJwt> jwts, CancellationToken cancellationToken)
    {
        if (session.Engine == DatabaseEngine.Postgres)
        {
            var lists = new
            {
                realmIds = jwts.Select(jwt => jwt.RealmId).ToArray(),
                idHashes = jwts.Select(jwt => jwt.IdHash).ToArray(),
                expiries = jwts.Select(jwt => jwt.ExpiresAt).ToArray(),
            };
            var used = (await session.QueryAsync<UsedJwt>(UseManySql, lists, cancellationToken)).Select(jwt => (jwt.RealmId, jwt.IdHash)).ToHashSet();
            return jwts.Where(jwt => used.Contains((jwt.RealmId, jwt.IdHash))).ToHashSet();
        }

        // In this process, where a statement costs no way to a server and back.
        var first = new HashSet<UsedJwt>();
        foreach (var jwt in jwts)
        {
            if (await session.ExecuteAsync(UseSql, jwt, cancellationToken) == 1)
            {
                first.Add(jwt);
            }
        }

        return first;
    }
}
