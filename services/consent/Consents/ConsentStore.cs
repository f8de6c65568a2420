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
}
