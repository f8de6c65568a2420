using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Token.Authorization;

/// <summary>The table <c>authorization_request</c>.</summary>
public sealed class AuthorizationStore
{
    private const string AddSql = """
        insert into authorization_request (realm_id, request_hash, browser_hash, pushed_hash, request, progress, created_at, expires_at)
        values (@RealmId, @RequestHash, @BrowserHash, @PushedHash, @Request, @Progress, @CreatedAt, @ExpiresAt)
        """;

    private const string FindSql = """
        select realm_id, request_hash, browser_hash, pushed_hash, request, progress, created_at, expires_at, completed_at
        from authorization_request
        where realm_id = @realmId and request_hash = @requestHash and expires_at > @now
        """;

    private const string SaveProgressSql = """
        update authorization_request
        set progress = @Progress
        where realm_id = @RealmId and request_hash = @RequestHash and expires_at = @ExpiresAt and completed_at is null
        """;

    private const string ReplaceProgressSql = """
        update authorization_request
        set progress = @progress
        where realm_id = @RealmId and request_hash = @RequestHash and expires_at = @ExpiresAt and completed_at is null and progress = @before
        """;

    private const string CompleteSql = """
        update authorization_request
        set completed_at = @now
        where realm_id = @realmId and request_hash = @requestHash and completed_at is null and expires_at > @now
        """;

    static AuthorizationStore()
    {
        PortableTypes.RegisterJson<AuthorizationRequest>();
        PortableTypes.RegisterJson<AuthorizationProgress>();
    }

    public Task AddAsync(DatabaseSession session, PendingAuthorization pending, CancellationToken cancellationToken) =>
        session.ExecuteAsync(AddSql, pending, cancellationToken);

    /// <summary>A request that has not expired, answered or not; null: there is none.</summary>
    public Task<PendingAuthorization?> FindAsync(
        DatabaseSession session, string realmId, string requestHash, DateTimeOffset now, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<PendingAuthorization>(FindSql, new { realmId, requestHash, now }, cancellationToken);

    public Task SaveProgressAsync(DatabaseSession session, PendingAuthorization pending, CancellationToken cancellationToken) =>
        session.ExecuteAsync(
            SaveProgressSql, new { pending.RealmId, pending.RequestHash, pending.ExpiresAt, pending.Progress }, cancellationToken);

    /// <summary>Saves progress where nobody has saved any since the request was read; else false.</summary>
    public async Task<bool> ReplaceProgressAsync(
        DatabaseSession session, PendingAuthorization pending, AuthorizationProgress progress, CancellationToken cancellationToken) =>
        await session.ExecuteAsync(
            ReplaceProgressSql,
            new { pending.RealmId, pending.RequestHash, pending.ExpiresAt, progress, before = pending.Progress },
            cancellationToken) == 1;

    /// <summary>Notes that a request is answered. False where it was answered before, or has expired.</summary>
    public async Task<bool> CompleteAsync(
        DatabaseSession session, string realmId, string requestHash, DateTimeOffset now, CancellationToken cancellationToken) =>
        await session.ExecuteAsync(CompleteSql, new { realmId, requestHash, now }, cancellationToken) == 1;
}
