using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Consent.Consents;

/// <summary>The table <c>consent</c>: one row a user, client, organization and scope.</summary>
public sealed class ConsentStore
{
    private const string Columns = """
        realm_id, user_id, client_id, organization_id, scope, decision, decided_at, expires_at, text_language, text_version, method
        """;

    private const string SaveSql = """
        insert into consent (
            realm_id, user_id, client_id, organization_id, scope, decision, decided_at, expires_at, text_language, text_version, method)
        values (
            @RealmId, @UserId, @ClientId, @OrganizationId, @Scope, @decision, @DecidedAt, @ExpiresAt, @TextLanguage, @TextVersion, @Method)
        on conflict (realm_id, user_id, client_id, organization_id, scope) do update set
            decision = excluded.decision,
            decided_at = excluded.decided_at,
            expires_at = excluded.expires_at,
            text_language = excluded.text_language,
            text_version = excluded.text_version,
            method = excluded.method
        where consent.decided_at <= excluded.decided_at
        """;

    private const string ListSql = $"""
        select {Columns}
        from consent
        where realm_id = @realmId and user_id = @userId and (@clientId = '' or client_id = @clientId)
            and (client_id, organization_id, scope) > (@afterClientId, @afterOrganizationId, @afterScope)
        order by client_id, organization_id, scope
        limit @count
        """;

    private const string FindSql = $"""
        select {Columns}
        from consent
        where realm_id = @realmId and user_id = @userId and client_id = @clientId and organization_id = @organizationId
        order by scope
        """;

    private const string ListFittingSql = $"""
        select {Columns}
        from consent
        where realm_id = @RealmId and (@UserId = '' or user_id = @UserId) and (@ClientId = '' or client_id = @ClientId)
            and (@anyOrganization or organization_id = @organizationId) and (@Scope = '' or scope = @Scope)
        order by user_id, client_id, organization_id, scope
        limit @count
        """;

    private const string DeleteSql = """
        delete from consent
        where realm_id = @RealmId and user_id = @UserId and client_id = @ClientId and organization_id = @OrganizationId and scope = @Scope
        """;

    private const string ListUsersSql = """
        select user_id
        from consent
        where realm_id = @realmId and user_id > @after
        union
        select user_id
        from consent_receipt
        where realm_id = @realmId and user_id > @after
        order by user_id
        limit @count
        """;

    private const string ListRealmsSql = "select realm_id from consent union select realm_id from consent_receipt_head order by realm_id";

    /// <summary>Keeps a decision in place of the one before; an older decision that arrives late changes nothing.</summary>
    public Task SaveAsync(DatabaseSession session, ConsentRecord consent, CancellationToken cancellationToken) =>
        session.ExecuteAsync(
            SaveSql,
            new
            {
                consent.RealmId,
                consent.UserId,
                consent.ClientId,
                consent.OrganizationId,
                consent.Scope,
                decision = consent.Decision == ConsentDecision.Granted ? "granted" : "denied",
                consent.DecidedAt,
                consent.ExpiresAt,
                consent.TextLanguage,
                consent.TextVersion,
                consent.Method,
            },
            cancellationToken);

    /// <summary>A user's decisions for one client in one organization (or in none), ordered by scope; expired ones too.</summary>
    public Task<IReadOnlyList<ConsentRecord>> FindAsync(
        DatabaseSession session, string realmId, string userId, string clientId, string organizationId, CancellationToken cancellationToken) =>
        session.QueryAsync<ConsentRecord>(FindSql, new { realmId, userId, clientId, organizationId }, cancellationToken);

    /// <summary>A user's decisions after a position, ordered by client, organization and scope; expired ones too.</summary>
    /// <param name="session">The session.</param>
    /// <param name="realmId">The realm.</param>
    /// <param name="userId">The user.</param>
    /// <param name="clientId">Empty: any.</param>
    /// <param name="after">Where the page before ended.</param>
    /// <param name="count">How many at the most.</param>
    /// <param name="cancellationToken">The call's.</param>
    public Task<IReadOnlyList<ConsentRecord>> ListAsync(
        DatabaseSession session,
        string realmId,
        string userId,
        string clientId,
        ConsentPosition after,
        int count,
        CancellationToken cancellationToken) =>
        session.QueryAsync<ConsentRecord>(
            ListSql,
            new
            {
                realmId,
                userId,
                clientId,
                afterClientId = after.ClientId,
                afterOrganizationId = after.OrganizationId,
                afterScope = after.Scope,
                count,
            },
            cancellationToken);

    /// <summary>Decisions that fit, ordered by user, client, organization and scope.</summary>
    public Task<IReadOnlyList<ConsentRecord>> ListFittingAsync(
        DatabaseSession session, ConsentFilter filter, int count, CancellationToken cancellationToken) =>
        session.QueryAsync<ConsentRecord>(
            ListFittingSql,
            new
            {
                filter.RealmId,
                filter.UserId,
                filter.ClientId,
                anyOrganization = filter.OrganizationId is null,
                organizationId = filter.OrganizationId ?? "",
                filter.Scope,
                count,
            },
            cancellationToken);

    /// <summary>Forgets a decision; one that is gone already is no error.</summary>
    public Task DeleteAsync(DatabaseSession session, ConsentRecord consent, CancellationToken cancellationToken) => session.ExecuteAsync(
        DeleteSql,
        new { consent.RealmId, consent.UserId, consent.ClientId, consent.OrganizationId, consent.Scope },
        cancellationToken);

    /// <summary>The users of a realm who decide or ever decided anything and are still named, after an id.</summary>
    public Task<IReadOnlyList<string>> ListUsersAsync(
        DatabaseSession session, string realmId, string after, int count, CancellationToken cancellationToken) =>
        session.QueryAsync<string>(ListUsersSql, new { realmId, after, count }, cancellationToken);

    /// <summary>The realms in which anybody has decided anything.</summary>
    public Task<IReadOnlyList<string>> ListRealmsAsync(DatabaseSession session, CancellationToken cancellationToken) =>
        session.QueryAsync<string>(ListRealmsSql, null, cancellationToken);
}
