using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.RealmAdmin.Storage;

namespace Pltfrms.Iam.RealmAdmin.Registration;

/// <summary>The table <c>initial_access_token</c>.</summary>
public sealed class InitialAccessTokenStore
{
    private const string Columns = "token_id, display_name, created_at, expires_at, max_uses, uses, policy";

    private const string Good = "(expires_at is null or expires_at > @at) and (max_uses is null or uses < max_uses)";

    private const string AddSql = $"""
        insert into initial_access_token (realm_id, token_hash, {Columns})
        values (@realmId, @tokenHash, @TokenId, @DisplayName, @CreatedAt, @ExpiresAt, @MaxUses, @Uses, @Policy)
        """;

    private const string IsGoodSql = $"select count(1) from initial_access_token where realm_id = @realmId and token_hash = @tokenHash and {Good}";

    private const string UseSql = $"""
        update initial_access_token
        set uses = uses + 1
        where realm_id = @realmId and token_hash = @tokenHash and {Good}
        returning {Columns}
        """;

    private const string ListSql = $"""
        select {Columns} from initial_access_token
        where realm_id = @realmId and token_id > @AfterId
        order by token_id limit @Limit
        """;

    private const string DeleteSql = $"delete from initial_access_token where realm_id = @realmId and token_id = @tokenId returning {Columns}";

    public Task AddAsync(DatabaseSession session, string realmId, string tokenHash, InitialAccessToken token, CancellationToken cancellationToken) =>
        session.ExecuteAsync(
            AddSql,
            new
            {
                realmId,
                tokenHash,
                token.TokenId,
                token.DisplayName,
                token.CreatedAt,
                token.ExpiresAt,
                token.MaxUses,
                token.Uses,
                token.Policy,
            },
            cancellationToken);

    /// <summary>Whether somebody could register with it now.</summary>
    public async Task<bool> IsGoodAsync(DatabaseSession session, string realmId, string tokenHash, DateTimeOffset at, CancellationToken cancellationToken) =>
        await session.QuerySingleOrDefaultAsync<long>(IsGoodSql, new { realmId, tokenHash, at }, cancellationToken) > 0;

    /// <summary>Uses it once, and gives it as it is then; null where it is unknown, expired or used up.</summary>
    public Task<InitialAccessToken?> UseAsync(
        DatabaseSession session, string realmId, string tokenHash, DateTimeOffset at, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<InitialAccessToken>(UseSql, new { realmId, tokenHash, at }, cancellationToken);

    public Task<IReadOnlyList<InitialAccessToken>> ListAsync(
        DatabaseSession session, string realmId, PageRange range, CancellationToken cancellationToken) =>
        session.QueryAsync<InitialAccessToken>(ListSql, new { realmId, range.AfterId, range.Limit }, cancellationToken);

    /// <summary>What is gone; null where there was none.</summary>
    public Task<InitialAccessToken?> DeleteAsync(DatabaseSession session, string realmId, string tokenId, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<InitialAccessToken>(DeleteSql, new { realmId, tokenId }, cancellationToken);
}
