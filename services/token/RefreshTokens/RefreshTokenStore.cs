using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Token.Codes;

namespace Pltfrms.Iam.Token.RefreshTokens;

/// <summary>The table <c>refresh_token</c>.</summary>
public sealed class RefreshTokenStore
{
    private const string AddSql = """
        insert into refresh_token (realm_id, token_hash, client_id, grant_id, access, family_expires_at, expires_at)
        values (@RealmId, @TokenHash, @ClientId, @GrantId, @Access, @FamilyExpiresAt, @ExpiresAt)
        """;

    private const string FindSql = """
        select realm_id, token_hash, client_id, grant_id, access, family_expires_at, expires_at, used_at, use_hash, encrypted_answer
        from refresh_token
        where realm_id = @realmId and token_hash = @tokenHash
        """;

    private const string UseSql = """
        update refresh_token
        set used_at = @now, use_hash = @useHash, encrypted_answer = @encryptedAnswer
        where realm_id = @RealmId and token_hash = @TokenHash and expires_at = @ExpiresAt and expires_at > @now and used_at is null
        """;

    static RefreshTokenStore() => PortableTypes.RegisterJson<UserAccess>();

    public Task AddAsync(DatabaseSession session, RefreshToken token, CancellationToken cancellationToken) =>
        session.ExecutePreparedAsync(AddSql, token, cancellationToken);

    /// <summary>A token, used or expired or neither; null: there is none.</summary>
    public Task<RefreshToken?> FindAsync(DatabaseSession session, string realmId, string tokenHash, CancellationToken cancellationToken) =>
        session.QueryPreparedAsync<RefreshToken>(FindSql, new { realmId, tokenHash }, cancellationToken);

    /// <summary>Uses a token. Of all that ever try, one is told true, and its answer is kept.</summary>
    public async Task<bool> UseAsync(
        DatabaseSession session, RefreshToken token, string useHash, byte[] encryptedAnswer, DateTimeOffset now, CancellationToken cancellationToken) =>
        await session.ExecutePreparedAsync(
            UseSql, new { token.RealmId, token.TokenHash, token.ExpiresAt, useHash, encryptedAnswer, now }, cancellationToken) == 1;
}
