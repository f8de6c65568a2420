using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.RealmAdmin.Storage;

namespace Pltfrms.Iam.RealmAdmin.Realms;

/// <summary>The table <c>realm</c>. A realm that is marked as deleted does not exist to anybody but the job that erases it.</summary>
public sealed class RealmStore
{
    private const string Columns = """
        realm_id, display_name, disabled, access_token_lifetime, acr_values, scope_pipeline, consent_settings, login_settings, session_settings,
        assertion_issuers, authorization_details_types,
        token_exchange, dpop, signing_key_rotation_interval, security_profile, client_certificate_authorities, audit_settings, client_registration, revision, created_at,
        (select host_name from realm_host where realm_host.realm_id = realm.realm_id) as host_name
        """;

    private const string FindSql = $"select {Columns} from realm where realm_id = @realmId and not deleted";

    private const string ListSql = $"""
        select {Columns} from realm
        where realm_id > @AfterId and not deleted
        order by realm_id limit @Limit
        """;

    private const string CreateSql = """
        insert into realm (
            realm_id, display_name, disabled, access_token_lifetime, acr_values, scope_pipeline, consent_settings, assertion_issuers, authorization_details_types,
            login_settings, session_settings, token_exchange, dpop, signing_key_rotation_interval,
            security_profile, client_certificate_authorities, audit_settings, client_registration, revision, created_at, deleted)
        values (
            @RealmId, @DisplayName, @Disabled, @AccessTokenLifetime, @AcrValues, @ScopePipeline, @ConsentSettings, @AssertionIssuers, @AuthorizationDetailsTypes,
            @LoginSettings, @SessionSettings, @TokenExchange, @Dpop, @SigningKeyRotationInterval,
            @securityProfile, @ClientCertificateAuthorities, @AuditSettings, @ClientRegistration, 0, @CreatedAt, false)
        on conflict (realm_id) do nothing
        """;

    private const string UpdateSql = """
        update realm
        set display_name = @DisplayName, disabled = @Disabled, access_token_lifetime = @AccessTokenLifetime,
            acr_values = @AcrValues, scope_pipeline = @ScopePipeline, consent_settings = @ConsentSettings, assertion_issuers = @AssertionIssuers,
            authorization_details_types = @AuthorizationDetailsTypes,
            login_settings = @LoginSettings, session_settings = @SessionSettings, token_exchange = @TokenExchange,
            dpop = @Dpop, signing_key_rotation_interval = @SigningKeyRotationInterval,
            security_profile = @securityProfile, client_certificate_authorities = @ClientCertificateAuthorities, audit_settings = @AuditSettings,
            client_registration = @ClientRegistration
        where realm_id = @RealmId
        """;

    // Locks the row until the transaction ends: writers of one realm queue here, so that revisions have no gaps and no ties.
    private const string TakeRevisionSql =
        "update realm set revision = revision + 1 where realm_id = @realmId and not deleted returning revision";

    private const string ReturnRevisionSql = "update realm set revision = revision - 1 where realm_id = @realmId";

    private const string DeleteSql = "update realm set deleted = true where realm_id = @realmId";

    /// <summary>The realm, or null.</summary>
    public Task<Realm?> FindAsync(DatabaseSession session, string realmId, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<Realm>(FindSql, new { realmId }, cancellationToken);

    public Task<IReadOnlyList<Realm>> ListAsync(DatabaseSession session, PageRange range, CancellationToken cancellationToken) =>
        session.QueryAsync<Realm>(ListSql, new { range.AfterId, range.Limit }, cancellationToken);

    /// <summary>Makes the realm at revision 0, without a host name; false where it exists already.</summary>
    public async Task<bool> CreateAsync(DatabaseSession session, Realm realm, CancellationToken cancellationToken) =>
        await session.ExecuteAsync(CreateSql, Parameters(realm), cancellationToken) == 1;

    /// <summary>Writes all but the revision, the time it was made, and the host name, which <see cref="RealmHostStore"/> keeps.</summary>
    public Task UpdateAsync(DatabaseSession session, Realm realm, CancellationToken cancellationToken) =>
        session.ExecuteAsync(UpdateSql, Parameters(realm), cancellationToken);

    /// <summary>Takes the next revision, and with it the right to write to the realm until the session ends; null where there is no such realm.</summary>
    public Task<long?> TakeRevisionAsync(DatabaseSession session, string realmId, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<long?>(TakeRevisionSql, new { realmId }, cancellationToken);

    /// <summary>Gives back what <see cref="TakeRevisionAsync"/> took, in the same session.</summary>
    public Task ReturnRevisionAsync(DatabaseSession session, string realmId, CancellationToken cancellationToken) =>
        session.ExecuteAsync(ReturnRevisionSql, new { realmId }, cancellationToken);

    /// <summary>Takes the realm out of everybody's sight; what it consists of is erased later.</summary>
    public Task DeleteAsync(DatabaseSession session, string realmId, CancellationToken cancellationToken) =>
        session.ExecuteAsync(DeleteSql, new { realmId }, cancellationToken);

    private static object Parameters(Realm realm) => new
    {
        realm.RealmId,
        realm.DisplayName,
        realm.Disabled,
        realm.AccessTokenLifetime,
        realm.AcrValues,
        realm.ScopePipeline,
        realm.ConsentSettings,
        realm.AssertionIssuers,
        realm.AuthorizationDetailsTypes,
        realm.LoginSettings,
        realm.SessionSettings,
        realm.TokenExchange,
        realm.Dpop,
        realm.SigningKeyRotationInterval,
        securityProfile = StoredNames.Of(realm.SecurityProfile),
        realm.ClientCertificateAuthorities,
        realm.AuditSettings,
        realm.ClientRegistration,
        realm.CreatedAt,
    };
}
