using Benchmarks.Stage;
using Microsoft.Data.Sqlite;
using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Token.Codes;
using Pltfrms.Iam.Token.RefreshTokens;
using Pltfrms.Iam.Token.UserGrants;

namespace Benchmarks.Load.Scale;

/// <summary>
/// Grants that are live, each with a refresh token that can be used. The first is written by the service's own stores; the others are copies of it, made by the
/// database, each under ids of its own and with a hash of a value that is known here.
/// </summary>
internal sealed class LiveGrants(Cluster cluster, Size size)
{
    /// <summary>Has no divisor in common with the number of grants, so that one after the other comes to all of them, each far from the one before.</summary>
    private const long Stride = 7_368_787;

    private const string CopyGrantsSql = """
        with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n + 1 < @count)
        insert into access_grant (realm_id, grant_id, user_id, client_id, organization_id, scopes, created_at, last_used_at, tokens_expire_at, expires_at)
        select 'r' || (n % @realms), substr(grant_id, 1, 24) || (10000000 + n), 'u' || (n / @realms % @users), client_id, organization_id, scopes,
            created_at, last_used_at, tokens_expire_at, expires_at
        from access_grant cross join numbers
        where realm_id = @realmId and grant_id = @grantId
        """;

    private const string CopyTokensSql = """
        with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n + 1 < @count)
        insert into refresh_token (realm_id, token_hash, client_id, grant_id, access, family_expires_at, expires_at)
        select 'r' || (n % @realms), opaque_hash(opaque_hash('scale-' || n)), client_id, substr(grant_id, 1, 24) || (10000000 + n),
            replace(access, '"u0"', '"u' || (n / @realms % @users) || '"'), family_expires_at, expires_at
        from refresh_token cross join numbers
        where realm_id = @realmId and grant_id = @grantId
        """;

    private const string HashPostgresSql = """
        create function opaque_hash(value text) returns text language sql immutable
        return rtrim(translate(encode(sha256(convert_to(value, 'UTF8')), 'base64'), '+/', '-_'), '=')
        """;

    private const string CountSql = """
        select count(*)
        from access_grant g join refresh_token t on t.realm_id = g.realm_id and t.grant_id = g.grant_id
        where g.expires_at > @now and g.revoked_at is null and t.expires_at > @now and t.used_at is null
        """;

    private const string PostgresBytesSql = "select pg_database_size(current_database())";
    private const string SqliteBytesSql = "select page_count * page_size from pragma_page_count(), pragma_page_size()";

    /// <summary>The refresh token of a grant, by its turn; each can be used once.</summary>
    public static (string RealmId, string Value) Usable(Size size, long turn)
    {
        var n = turn * Stride % size.Grants;
        return (Size.RealmId((int)(n % size.InUse)), ValueOf(n));
    }

    /// <summary>Makes them; what a grant with its token takes in the database.</summary>
    public async Task<double> MakeAsync()
    {
        await using var database = Databases.Open(cluster.TokenDatabase);
        var before = await BytesAsync(database);
        var first = await AddFirstAsync(database);
        if (database.Engine == DatabaseEngine.Postgres)
        {
            await using var session = await database.OpenAsync(CancellationToken.None);
            await session.ExecuteAsync(HashPostgresSql, null, CancellationToken.None);
        }

        var parameters = new { count = size.Grants, realms = size.InUse, users = size.UsersOfEach, realmId = first.RealmId, grantId = first.GrantId };
        await Task.WhenAll(CopyAsync(database, CopyGrantsSql, parameters), CopyAsync(database, CopyTokensSql, parameters));
        await Databases.TidyAsync(database);
        return (await BytesAsync(database) - before) / (double)size.Grants;
    }

    /// <summary>How many are live and have a refresh token that was not used.</summary>
    public async Task<long> CountAsync()
    {
        await using var database = Databases.Open(cluster.TokenDatabase);
        await using var session = await database.OpenAsync(CancellationToken.None);
        return await session.QuerySingleOrDefaultAsync<long>(CountSql, new { now = TimeProvider.System.GetUtcNow() }, CancellationToken.None);
    }

    private static string ValueOf(long n) => OpaqueValue.Hash($"scale-{n}");

    private static async Task CopyAsync(IDatabase database, string sql, object parameters)
    {
        await using var session = await database.BeginWriteAsync(CancellationToken.None);
        (session.Connection as SqliteConnection)?.CreateFunction<string, string>("opaque_hash", OpaqueValue.Hash, isDeterministic: true);
        await session.ExecuteAsync(sql, parameters, CancellationToken.None);
        await session.CommitAsync(CancellationToken.None);
    }

    private static async Task<UserGrant> AddFirstAsync(IDatabase database)
    {
        var grant = First(TimeProvider.System.GetUtcNow());
        var access = new UserAccess { UserId = grant.UserId, Scopes = grant.Scopes, AuthenticatedAt = grant.CreatedAt };
        var (_, token) = RefreshToken.Make(grant, access, grant.CreatedAt, TimeSpan.FromDays(1));
        await using var session = await database.BeginWriteAsync(CancellationToken.None);
        await new UserGrantStore().AddAsync(session, grant, CancellationToken.None);
        await new RefreshTokenStore().AddAsync(session, token with { TokenHash = OpaqueValue.Hash(ValueOf(0)) }, CancellationToken.None);
        await session.CommitAsync(CancellationToken.None);
        return grant;
    }

    private static UserGrant First(DateTimeOffset now) => new()
    {
        RealmId = Size.RealmId(0),
        GrantId = Guid.CreateVersion7(now).ToString("N"),
        UserId = "u0",
        ClientId = Population.WebId,
        Scopes = [Population.Permission],
        CreatedAt = now,
        LastUsedAt = now,
        TokensExpireAt = now.AddHours(1),
        ExpiresAt = now.AddDays(2),
    };

    private static async Task<long> BytesAsync(IDatabase database)
    {
        await using var session = await database.OpenAsync(CancellationToken.None);
        return await session.QuerySingleOrDefaultAsync<long>(
            database.Engine == DatabaseEngine.Postgres ? PostgresBytesSql : SqliteBytesSql, null, CancellationToken.None);
    }
}
