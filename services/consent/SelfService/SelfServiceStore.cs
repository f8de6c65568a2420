using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Consent.SelfService;

/// <summary>The table <c>self_service_visit</c>. A link is taken in one statement, so it works once.</summary>
public sealed class SelfServiceStore
{
    private const string AddSql = """
        insert into self_service_visit (realm_id, secret_hash, is_link, user_id, ui_locales, expires_at)
        values (@RealmId, @SecretHash, @IsLink, @UserId, @UiLocales, @ExpiresAt)
        """;

    private const string TakeLinkSql = """
        delete from self_service_visit
        where realm_id = @realmId and secret_hash = @secretHash and is_link and expires_at > @now
        returning realm_id, secret_hash, is_link, user_id, ui_locales, expires_at
        """;

    private const string FindSql = """
        select realm_id, secret_hash, is_link, user_id, ui_locales, expires_at
        from self_service_visit
        where realm_id = @realmId and secret_hash = @secretHash and not is_link and expires_at > @now
        """;

    private const string RemoveSql = "delete from self_service_visit where realm_id = @realmId and secret_hash = @secretHash";

    public Task AddAsync(DatabaseSession session, SelfServiceVisit visit, CancellationToken cancellationToken) => session.ExecuteAsync(
        AddSql, new { visit.RealmId, visit.SecretHash, visit.IsLink, visit.UserId, visit.UiLocales, visit.ExpiresAt }, cancellationToken);

    /// <summary>The link, which is gone then; null: there is none, or somebody took it before.</summary>
    public Task<SelfServiceVisit?> TakeLinkAsync(
        DatabaseSession session, string realmId, string secretHash, DateTimeOffset now, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<SelfServiceVisit>(TakeLinkSql, new { realmId, secretHash, now }, cancellationToken);

    /// <summary>The visit; null: there is none, or it is over.</summary>
    public Task<SelfServiceVisit?> FindAsync(
        DatabaseSession session, string realmId, string secretHash, DateTimeOffset now, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<SelfServiceVisit>(FindSql, new { realmId, secretHash, now }, cancellationToken);

    public Task RemoveAsync(DatabaseSession session, string realmId, string secretHash, CancellationToken cancellationToken) =>
        session.ExecuteAsync(RemoveSql, new { realmId, secretHash }, cancellationToken);
}
