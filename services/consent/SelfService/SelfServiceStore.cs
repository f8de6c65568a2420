using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Consent.SelfService;

/// <summary>The table <c>self_service_visit</c>. A link is taken, and a visit opened, in one statement, so each works once.</summary>
public sealed class SelfServiceStore
{
    private const string AddSql = """
        insert into self_service_visit (realm_id, secret_hash, is_link, user_id, ui_locales, return_uri, expires_at)
        values (@RealmId, @SecretHash, @IsLink, @UserId, @UiLocales, @ReturnUri, @ExpiresAt)
        """;

    private const string TakeLinkSql = """
        delete from self_service_visit
        where realm_id = @realmId and secret_hash = @secretHash and is_link and expires_at > @now
        returning realm_id, secret_hash, is_link, user_id, ui_locales, return_uri, expires_at
        """;

    private const string OpenSql = """
        update self_service_visit
        set return_uri = null
        where realm_id = @realmId and secret_hash = @secretHash and user_id = @userId and not is_link and return_uri is not null and expires_at > @now
        returning secret_hash
        """;

    private const string FindSql = """
        select realm_id, secret_hash, is_link, user_id, ui_locales, return_uri, expires_at
        from self_service_visit
        where realm_id = @realmId and secret_hash = @secretHash and not is_link and return_uri is null and expires_at > @now
        """;

    private const string RemoveSql = "delete from self_service_visit where realm_id = @realmId and secret_hash = @secretHash";

    public Task AddAsync(DatabaseSession session, SelfServiceVisit visit, CancellationToken cancellationToken) => session.ExecuteAsync(
        AddSql,
        new { visit.RealmId, visit.SecretHash, visit.IsLink, visit.UserId, visit.UiLocales, visit.ReturnUri, visit.ExpiresAt },
        cancellationToken);

    /// <summary>The link, which is gone then; null: there is none, or somebody took it before.</summary>
    public Task<SelfServiceVisit?> TakeLinkAsync(
        DatabaseSession session, string realmId, string secretHash, DateTimeOffset now, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<SelfServiceVisit>(TakeLinkSql, new { realmId, secretHash, now }, cancellationToken);

    /// <summary>Opens the page to a browser that has come back; false where it is not the user's, open already or over.</summary>
    public async Task<bool> OpenAsync(
        DatabaseSession session, string realmId, string secretHash, string userId, DateTimeOffset now, CancellationToken cancellationToken) =>
        await session.QuerySingleOrDefaultAsync<string>(OpenSql, new { realmId, secretHash, userId, now }, cancellationToken) is not null;

    /// <summary>The open visit; null: there is none, or it is over.</summary>
    public Task<SelfServiceVisit?> FindAsync(
        DatabaseSession session, string realmId, string secretHash, DateTimeOffset now, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<SelfServiceVisit>(FindSql, new { realmId, secretHash, now }, cancellationToken);

    public Task RemoveAsync(DatabaseSession session, string realmId, string secretHash, CancellationToken cancellationToken) =>
        session.ExecuteAsync(RemoveSql, new { realmId, secretHash }, cancellationToken);
}
