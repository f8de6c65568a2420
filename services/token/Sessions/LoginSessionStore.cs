using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Token.Sessions;

/// <summary>The table <c>login_session</c>.</summary>
public sealed class LoginSessionStore
{
    private const string AddSql = """
        insert into login_session (
            realm_id, session_hash, user_id, acr, amr, role_ids, authenticated_at, created_at, last_used_at, expires_at)
        values (
            @RealmId, @SessionHash, @UserId, @Acr, @Amr, @RoleIds, @AuthenticatedAt, @CreatedAt, @LastUsedAt, @ExpiresAt)
        """;

    private const string FindSql = """
        select realm_id, session_hash, user_id, acr, amr, role_ids, authenticated_at, created_at, last_used_at, expires_at
        from login_session
        where realm_id = @realmId and session_hash = @sessionHash and expires_at > @now and last_used_at > @usedAfter
        """;

    private const string UseSql = """
        update login_session
        set last_used_at = @now
        where realm_id = @RealmId and session_hash = @SessionHash and expires_at = @ExpiresAt
        """;

    private const string EndSql = "delete from login_session where realm_id = @realmId and session_hash = @sessionHash";

    public Task AddAsync(DatabaseSession session, LoginSession login, CancellationToken cancellationToken) =>
        session.ExecuteAsync(AddSql, login, cancellationToken);

    /// <summary>A session that has not ended: not at its absolute end, and not unused since <paramref name="usedAfter"/>. Null: there is none.</summary>
    public Task<LoginSession?> FindAsync(
        DatabaseSession session, string realmId, string sessionHash, DateTimeOffset now, DateTimeOffset usedAfter, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<LoginSession>(FindSql, new { realmId, sessionHash, now, usedAfter }, cancellationToken);

    public Task UseAsync(DatabaseSession session, LoginSession login, DateTimeOffset now, CancellationToken cancellationToken) =>
        session.ExecuteAsync(UseSql, new { login.RealmId, login.SessionHash, login.ExpiresAt, now }, cancellationToken);

    /// <summary>Ends a session; one that there is not changes nothing.</summary>
    public Task EndAsync(DatabaseSession session, string realmId, string sessionHash, CancellationToken cancellationToken) =>
        session.ExecuteAsync(EndSql, new { realmId, sessionHash }, cancellationToken);
}
