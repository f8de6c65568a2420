using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Token.UserGrants;

/// <summary>The table <c>access_grant</c>. A grant is live until it expires or is revoked.</summary>
public sealed class UserGrantStore
{
    private const string AddSql = """
        insert into access_grant (
            realm_id, grant_id, user_id, client_id, organization_id, scopes, created_at, last_used_at, tokens_expire_at, expires_at)
        values (
            @RealmId, @GrantId, @UserId, @ClientId, @OrganizationId, @Scopes, @CreatedAt, @LastUsedAt, @TokensExpireAt, @ExpiresAt)
        """;

    private const string UseSql = """
        update access_grant
        set last_used_at = @usedAt,
            tokens_expire_at = case when tokens_expire_at < @tokensExpireAt then @tokensExpireAt else tokens_expire_at end
        where realm_id = @RealmId and grant_id = @GrantId and expires_at = @ExpiresAt and expires_at > @usedAt and revoked_at is null
        """;

    private const string FindSql = """
        select realm_id, grant_id, user_id, client_id, organization_id, scopes, created_at, last_used_at, tokens_expire_at, expires_at
        from access_grant
        where realm_id = @RealmId and grant_id = @GrantId and expires_at = @ExpiresAt and expires_at > @now and revoked_at is null
        """;

    private const string ListSql = """
        select realm_id, grant_id, user_id, client_id, organization_id, scopes, created_at, last_used_at, tokens_expire_at, expires_at
        from access_grant
        where realm_id = @RealmId and grant_id > @after and revoked_at is null and expires_at > @now
            and (@GrantId = '' or grant_id = @GrantId) and (@UserId = '' or user_id = @UserId) and (@ClientId = '' or client_id = @ClientId)
            and (@anyOrganization or organization_id = @organizationId)
        order by grant_id
        limit @count
        """;

    private const string RevokeSql = """
        update access_grant
        set revoked_at = @revokedAt
        where realm_id = @RealmId and grant_id = @GrantId and expires_at = @ExpiresAt and revoked_at is null
        returning realm_id, grant_id, user_id, client_id, organization_id, scopes, created_at, last_used_at, tokens_expire_at, expires_at
        """;

    public Task AddAsync(DatabaseSession session, UserGrant grant, CancellationToken cancellationToken) =>
        session.ExecutePreparedAsync(AddSql, grant, cancellationToken);

    /// <summary>Notes that an access token is issued from a grant. False, and nothing may be issued, where the grant is no longer live.</summary>
    public async Task<bool> UseAsync(
        DatabaseSession session, GrantKey key, DateTimeOffset usedAt, DateTimeOffset tokensExpireAt, CancellationToken cancellationToken) =>
        await session.ExecutePreparedAsync(UseSql, new { key.RealmId, key.GrantId, key.ExpiresAt, usedAt, tokensExpireAt }, cancellationToken) == 1;

    /// <summary>A live grant; null: there is none.</summary>
    public Task<UserGrant?> FindAsync(DatabaseSession session, GrantKey key, DateTimeOffset now, CancellationToken cancellationToken) =>
        session.QueryPreparedAsync<UserGrant>(FindSql, new { key.RealmId, key.GrantId, key.ExpiresAt, now }, cancellationToken);

    /// <summary>Live grants after an id, ordered by id. The filter's scopes are not looked at: the engines have no common words for lists.</summary>
    public Task<IReadOnlyList<UserGrant>> ListAsync(
        DatabaseSession session, GrantFilter filter, string after, int count, DateTimeOffset now, CancellationToken cancellationToken) =>
        session.QueryAsync<UserGrant>(
            ListSql,
            new
            {
                filter.RealmId,
                filter.GrantId,
                filter.UserId,
                filter.ClientId,
                anyOrganization = filter.OrganizationId is null,
                organizationId = filter.OrganizationId ?? "",
                after,
                count,
                now,
            },
            cancellationToken);

    /// <summary>Revokes a grant; the grant as it was then. Null where somebody else revoked it first.</summary>
    public Task<UserGrant?> RevokeAsync(DatabaseSession session, UserGrant grant, DateTimeOffset revokedAt, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<UserGrant>(RevokeSql, new { grant.RealmId, grant.GrantId, grant.ExpiresAt, revokedAt }, cancellationToken);
}
