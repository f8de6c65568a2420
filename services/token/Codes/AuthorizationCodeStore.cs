using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Token.Codes;

/// <summary>The table <c>authorization_code</c>.</summary>
public sealed class AuthorizationCodeStore
{
    private const string AddSql = """
        insert into authorization_code (realm_id, code_hash, client_id, grant_id, redirect_uri, code_challenge, access, expires_at)
        values (@RealmId, @CodeHash, @ClientId, @GrantId, @RedirectUri, @CodeChallenge, @Access, @ExpiresAt)
        """;

    private const string FindSql = """
        select realm_id, code_hash, client_id, grant_id, redirect_uri, code_challenge, access, expires_at, consumed_at
        from authorization_code
        where realm_id = @realmId and code_hash = @codeHash
        """;

    private const string ConsumeSql = """
        update authorization_code
        set consumed_at = @now
        where realm_id = @RealmId and code_hash = @CodeHash and expires_at = @ExpiresAt and expires_at > @now and consumed_at is null
        """;

    static AuthorizationCodeStore() => PortableTypes.RegisterJson<UserAccess>();

    public Task AddAsync(DatabaseSession session, AuthorizationCode code, CancellationToken cancellationToken) =>
        session.ExecutePreparedAsync(AddSql, code, cancellationToken);

    /// <summary>A code, used or expired or neither; null: there is none.</summary>
    public Task<AuthorizationCode?> FindAsync(DatabaseSession session, string realmId, string codeHash, CancellationToken cancellationToken) =>
        session.QueryPreparedAsync<AuthorizationCode>(FindSql, new { realmId, codeHash }, cancellationToken);

    /// <summary>Uses a code. Of all that ever try, one is told true.</summary>
    public async Task<bool> ConsumeAsync(DatabaseSession session, AuthorizationCode code, DateTimeOffset now, CancellationToken cancellationToken) =>
        await session.ExecutePreparedAsync(ConsumeSql, new { code.RealmId, code.CodeHash, code.ExpiresAt, now }, cancellationToken) == 1;
}
