using Benchmarks.Stage;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Token.Codes;
using Pltfrms.Iam.Token.RefreshTokens;
using Pltfrms.Iam.Token.UserGrants;

namespace Benchmarks.Load.Scale;

/// <summary>
/// Grants that are live, each with a refresh token. Those that are used are written by the service's own stores; the others are copies of one of them,
/// made by the database, under ids and hashes of their own.
/// </summary>
internal sealed class LiveGrants(Cluster cluster, Size size)
{
    /// <summary>How many refresh tokens are there to be used.</summary>
    public static int UsableOf(Size size) => Math.Min(size.Grants, 40_000);

    private const string CopyGrantsSql = """
        with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < @count)
        insert into access_grant (realm_id, grant_id, user_id, client_id, organization_id, scopes, created_at, last_used_at, tokens_expire_at, expires_at)
        select 'r' || (numbers.n % @realms), 'copy-' || numbers.n, 'u' || (numbers.n % @users), client_id, organization_id, scopes, created_at, last_used_at, tokens_expire_at, expires_at
        from access_grant cross join numbers
        where realm_id = @realmId and grant_id = @grantId
        """;

    private const string CopyTokensPostgresSql = """
        with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < @count)
        insert into refresh_token (realm_id, token_hash, client_id, grant_id, access, family_expires_at, expires_at)
        select 'r' || (numbers.n % @realms), md5(cast(numbers.n as text)) || 'copied-hash', client_id, 'copy-' || numbers.n, access, family_expires_at, expires_at
        from refresh_token cross join numbers
        where realm_id = @realmId and grant_id = @grantId
        """;

    private const string CopyTokensSqliteSql = """
        with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < @count)
        insert into refresh_token (realm_id, token_hash, client_id, grant_id, access, family_expires_at, expires_at)
        select 'r' || (numbers.n % @realms), lower(hex(randomblob(16))) || 'copied-hash', client_id, 'copy-' || numbers.n, access, family_expires_at, expires_at
        from refresh_token cross join numbers
        where realm_id = @realmId and grant_id = @grantId
        """;

    private const string PostgresBytesSql = "select pg_database_size(current_database())";
    private const string SqliteBytesSql = "select page_count * page_size from pragma_page_count(), pragma_page_size()";
    private const string AnalyzeGrantsSql = "analyze access_grant";
    private const string AnalyzeTokensSql = "analyze refresh_token";

    /// <summary>Makes them; the refresh tokens to use, each with its realm, and what a grant with its token takes in the database.</summary>
    public async Task<(IReadOnlyList<(string RealmId, string Value)> Usable, double BytesOfEach)> MakeAsync()
    {
        await using IDatabase database = cluster.TokenDatabase["Database:Engine"] == "postgres"
            ? new PostgresDatabase(cluster.TokenDatabase["Database:ConnectionString"]!)
            : new SqliteDatabase(cluster.TokenDatabase["Database:File"]!);
        var before = await BytesAsync(database);
        var (usable, template) = await AddAsync(database);
        var copies = size.Grants - usable.Count;
        if (copies > 0)
        {
            var parameters = new { count = copies, realms = size.InUse, users = size.UsersOfEach, realmId = template.RealmId, grantId = template.GrantId };
            await using var session = await database.BeginWriteAsync(CancellationToken.None);
            await session.ExecuteAsync(CopyGrantsSql, parameters, CancellationToken.None);
            await session.ExecuteAsync(database.Engine == DatabaseEngine.Postgres ? CopyTokensPostgresSql : CopyTokensSqliteSql, parameters, CancellationToken.None);
            await session.CommitAsync(CancellationToken.None);
        }

        var bytes = await BytesAsync(database) - before;
        await using var statistics = await database.OpenAsync(CancellationToken.None);
        await statistics.ExecuteAsync(AnalyzeGrantsSql, null, CancellationToken.None);
        await statistics.ExecuteAsync(AnalyzeTokensSql, null, CancellationToken.None);
        return (usable, bytes / (double)size.Grants);
    }

    private async Task<(List<(string RealmId, string Value)> Usable, UserGrant Template)> AddAsync(IDatabase database)
    {
        var (grants, tokens, now) = (new UserGrantStore(), new RefreshTokenStore(), TimeProvider.System.GetUtcNow());
        List<(string, string)> usable = [];
        UserGrant? template = null;
        await using var session = await database.BeginWriteAsync(CancellationToken.None);
        for (var i = 0; i < UsableOf(size); i++)
        {
            var grant = Grant(Size.RealmId(i % size.InUse), $"u{i % size.UsersOfEach}", now);
            template ??= grant;
            var (value, token) = RefreshToken.Make(grant, new UserAccess { UserId = grant.UserId, Scopes = grant.Scopes, AuthenticatedAt = now }, now, TimeSpan.FromDays(1));
            await grants.AddAsync(session, grant, CancellationToken.None);
            await tokens.AddAsync(session, token, CancellationToken.None);
            usable.Add((grant.RealmId, value));
        }

        await session.CommitAsync(CancellationToken.None);
        return (usable, template!);
    }

    private static UserGrant Grant(string realmId, string userId, DateTimeOffset now) => new()
    {
        RealmId = realmId,
        GrantId = Guid.CreateVersion7(now).ToString("N"),
        UserId = userId,
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
