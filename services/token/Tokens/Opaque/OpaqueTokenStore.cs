using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Token.Tokens.Opaque;

/// <summary>The table <c>opaque_token</c>.</summary>
public sealed class OpaqueTokenStore
{
    private const string AddSql = """
        insert into opaque_token (realm_id, token_hash, claims, expires_at)
        values (@RealmId, @TokenHash, @Claims, @ExpiresAt)
        """;

    private const string FindSql = """
        select realm_id, token_hash, claims, expires_at
        from opaque_token
        where realm_id = @realmId and token_hash = @tokenHash and expires_at > @now
        """;

    public Task AddAsync(DatabaseSession session, OpaqueToken token, CancellationToken cancellationToken) =>
        session.ExecutePreparedAsync(AddSql, token, cancellationToken);

    /// <summary>A token that has not expired; null: there is none.</summary>
    public Task<OpaqueToken?> FindAsync(
        DatabaseSession session, string realmId, string tokenHash, DateTimeOffset now, CancellationToken cancellationToken) =>
        session.QueryPreparedAsync<OpaqueToken>(FindSql, new { realmId, tokenHash, now }, cancellationToken);
}
