using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Token.Tokens.Revocation;

/// <summary>The tables <c>revocation</c> and <c>revocation_head</c>.</summary>
public sealed class RevocationStore
{
    private const string NextSequenceSql = """
        insert into revocation_head (realm_id, sequence)
        values (@realmId, @first)
        on conflict (realm_id) do update set sequence = revocation_head.sequence + 1
        returning sequence
        """;

    private const string AddSql = """
        insert into revocation (realm_id, token_id, expires_at, revoked_at, sequence)
        values (@realmId, @tokenId, @expiresAt, @revokedAt, @sequence)
        on conflict do nothing
        """;

    private const string FindSql = """
        select sequence
        from revocation
        where realm_id = @realmId
            and ((token_id = @tokenId and expires_at = @expiresAt) or (token_id in (@grantId, @keyId) and expires_at >= @expiresAt))
        order by sequence
        limit 1
        """;

    private const string HeadsPostgresSql =
        "select realm_id as RealmId, sequence as Sequence from revocation_head where realm_id = any(@realmIds)";

    private const string HeadsSqliteSql =
        "select realm_id as RealmId, sequence as Sequence from revocation_head where realm_id in (select value from json_each(@realmIds))";

    private const string HeadSql = "select sequence from revocation_head where realm_id = @realmId";

    private const string ListSql = """
        select token_id as TokenId, expires_at as ExpiresAt, sequence as Sequence
        from revocation
        where realm_id = @realmId and sequence > @after and expires_at > @now
        order by sequence
        """;

    /// <summary>Records a revocation of a token or, by its id, of a grant or a key with all its tokens. Revoking again changes nothing.</summary>
    /// <remarks>Needs a transaction: the number is the realm's next only when it commits.</remarks>
    public async Task AddAsync(
        DatabaseSession session, string realmId, string tokenId, DateTimeOffset expiresAt, DateTimeOffset revokedAt, CancellationToken cancellationToken)
    {
        // Numbers of a realm that was made again go on above those that replicas may remember of the one before.
        var first = revokedAt.UtcTicks / TimeSpan.TicksPerMicrosecond;
        var sequence = await session.QuerySingleOrDefaultAsync<long>(NextSequenceSql, new { realmId, first }, cancellationToken);
        await session.ExecuteAsync(AddSql, new { realmId, tokenId, expiresAt, revokedAt, sequence }, cancellationToken);
    }

    /// <summary>Whether a token, the grant that it comes from or the key that signed it is revoked. What stands for many is kept until the last of them has expired.</summary>
    public async Task<bool> ContainsAsync(DatabaseSession session, AccessToken token, CancellationToken cancellationToken) =>
        await session.QuerySingleOrDefaultAsync<long?>(
            FindSql,
            new { realmId = token.RealmId, tokenId = token.TokenId, grantId = token.GrantId ?? "", keyId = token.KeyId ?? "", expiresAt = token.ExpiresAt },
            cancellationToken) is not null;

    /// <summary>The heads of some realms; one that never had a revocation is not among them.</summary>
    public Task<IReadOnlyList<RevocationHead>> ListHeadsAsync(
        DatabaseSession session, IEnumerable<string> realmIds, CancellationToken cancellationToken) =>
        // The engines have no common way to pass a list.
        session.QueryAsync<RevocationHead>(
            session.Engine == DatabaseEngine.Postgres ? HeadsPostgresSql : HeadsSqliteSql, new { realmIds = realmIds.ToValueList() }, cancellationToken);

    /// <summary>A realm's head; 0 where it never had a revocation.</summary>
    public Task<long> GetHeadAsync(DatabaseSession session, string realmId, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<long>(HeadSql, new { realmId }, cancellationToken);

    /// <summary>The revocations after a number that still matter, in order.</summary>
    public Task<IReadOnlyList<RevocationRow>> ListAfterAsync(
        DatabaseSession session, string realmId, long after, DateTimeOffset now, CancellationToken cancellationToken) =>
        session.QueryAsync<RevocationRow>(ListSql, new { realmId, after, now }, cancellationToken);
}
