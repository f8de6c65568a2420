using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.RealmAdmin.Storage;

namespace Pltfrms.Iam.RealmAdmin.Clients;

/// <summary>The tables <c>client</c> and <c>client_secret</c>.</summary>
public sealed class ClientStore : IResourceStore<Client>
{
    private const string Columns = """
        realm_id, client_id, display_name, client_type, disabled, grant_types, redirect_uris, scopes, consent_policy,
        access_token_lifetime, dynamically_registered, owner_organization_id, logo, verified, required_scopes,
        require_pushed_authorization_requests, web_origins, asks_for_organization, access_token_format, jwks, require_signed_request_object,
        access_token_signed_response_alg, dpop_bound_access_tokens,
        token_endpoint_auth_method, tls_client_auth, tls_client_certificate_bound_access_tokens, security_profile, about, origin,
        authorization_details_types, may_act_client_id
        """;

    private const string SecretColumns = "client_id, secret_id, sha256, created_at, expires_at";

    private const string Changed = """
        in (select resource_id from change_log
            where realm_id = @realmId and revision > @afterRevision and resource_kind = 'client')
        """;

    private const string FindSql = $"select {Columns} from client where realm_id = @realmId and client_id = @id";

    private const string FindSecretsSql = $"""
        select {SecretColumns} from client_secret
        where realm_id = @realmId and client_id = @id
        order by secret_id
        """;

    private const string ListSql = $"""
        select {Columns} from client
        where realm_id = @realmId and client_id > @AfterId
        """;

    // Put together for each set of filters, so that each finds its index.
    private const string ByType = " and client_type = @clientType";
    private const string ByOwner = " and owner_organization_id = @OwnerOrganizationId";
    private const string Dynamic = " and dynamically_registered";
    private const string InOrder = " order by client_id limit @Limit";

    private const string ListSecretsSql = $"""
        select {SecretColumns} from client_secret
        where realm_id = @realmId and client_id > @AfterId and client_id <= @lastId
        order by client_id, secret_id
        """;

    private const string ListChangedSql = $"""
        select {Columns} from client
        where realm_id = @realmId and client_id {Changed}
        order by client_id
        """;

    private const string ListChangedSecretsSql = $"""
        select {SecretColumns} from client_secret
        where realm_id = @realmId and client_id {Changed}
        order by client_id, secret_id
        """;

    private const string UpsertSql = """
        insert into client (
            realm_id, client_id, display_name, client_type, disabled, grant_types, redirect_uris, scopes, consent_policy,
            access_token_lifetime, dynamically_registered, owner_organization_id, logo, verified, required_scopes,
            require_pushed_authorization_requests, web_origins, asks_for_organization, access_token_format, jwks, require_signed_request_object,
            access_token_signed_response_alg, dpop_bound_access_tokens,
            token_endpoint_auth_method, tls_client_auth, tls_client_certificate_bound_access_tokens, security_profile, about, origin,
            authorization_details_types, may_act_client_id)
        values (
            @RealmId, @ClientId, @DisplayName, @clientType, @Disabled, @GrantTypes, @RedirectUris, @Scopes, @consentPolicy,
            @AccessTokenLifetime, @DynamicallyRegistered, @OwnerOrganizationId, @Logo, @Verified, @RequiredScopes,
            @RequirePushedAuthorizationRequests, @WebOrigins, @AsksForOrganization, @accessTokenFormat, @Jwks, @RequireSignedRequestObject,
            @AccessTokenSignedResponseAlg, @DpopBoundAccessTokens,
            @TokenEndpointAuthMethod, @TlsClientAuth, @TlsClientCertificateBoundAccessTokens, @securityProfile, @About, @Origin,
            @AuthorizationDetailsTypes, @MayActClientId)
        on conflict (realm_id, client_id) do update
        set display_name = excluded.display_name, client_type = excluded.client_type, disabled = excluded.disabled,
            grant_types = excluded.grant_types, redirect_uris = excluded.redirect_uris, scopes = excluded.scopes,
            consent_policy = excluded.consent_policy, access_token_lifetime = excluded.access_token_lifetime,
            dynamically_registered = excluded.dynamically_registered, owner_organization_id = excluded.owner_organization_id,
            logo = excluded.logo, verified = excluded.verified, required_scopes = excluded.required_scopes,
            require_pushed_authorization_requests = excluded.require_pushed_authorization_requests,
            web_origins = excluded.web_origins, asks_for_organization = excluded.asks_for_organization,
            access_token_format = excluded.access_token_format, jwks = excluded.jwks,
            require_signed_request_object = excluded.require_signed_request_object,
            access_token_signed_response_alg = excluded.access_token_signed_response_alg,
            dpop_bound_access_tokens = excluded.dpop_bound_access_tokens,
            token_endpoint_auth_method = excluded.token_endpoint_auth_method, tls_client_auth = excluded.tls_client_auth,
            tls_client_certificate_bound_access_tokens = excluded.tls_client_certificate_bound_access_tokens,
            may_act_client_id = excluded.may_act_client_id,
            security_profile = excluded.security_profile, about = excluded.about, origin = excluded.origin,
            authorization_details_types = excluded.authorization_details_types
        """;

    private const string ClearSecretsSql = "delete from client_secret where realm_id = @RealmId and client_id = @ClientId";

    private const string AddSecretSql = """
        insert into client_secret (realm_id, client_id, secret_id, sha256, created_at, expires_at)
        values (@RealmId, @ClientId, @SecretId, @Sha256, @CreatedAt, @ExpiresAt)
        """;

    private const string DeleteSql = "delete from client where realm_id = @realmId and client_id = @id";

    public async Task<Client?> FindAsync(DatabaseSession session, string realmId, string id, CancellationToken cancellationToken)
    {
        var client = await session.QuerySingleOrDefaultAsync<Client>(FindSql, new { realmId, id }, cancellationToken);
        return client is null ? null : (await WithSecretsAsync(session, [client], FindSecretsSql, new { realmId, id }, cancellationToken))[0];
    }

    public async Task<IReadOnlyList<Client>> ListAsync(
        DatabaseSession session, string realmId, PageRange range, CancellationToken cancellationToken)
    {
        var clients = await session.QueryAsync<Client>(
            $"{ListSql}{WithinOrganizations.Sql(range, "owner_organization_id")}{InOrder}",
            WithinOrganizations.Parameters(range, new { realmId }),
            cancellationToken);
        return await WithSecretsAsync(session, clients, realmId, range, cancellationToken);
    }

    /// <summary>Those that match every filter that is set.</summary>
    public async Task<IReadOnlyList<Client>> ListByAsync(
        DatabaseSession session, string realmId, ClientFilter filter, PageRange range, CancellationToken cancellationToken)
    {
        var by = (filter.ClientType is null ? "" : ByType) + (filter.OwnerOrganizationId is null ? "" : ByOwner)
            + (filter.DynamicallyRegistered ? Dynamic : "");
        var clientType = filter.ClientType is { } type ? StoredNames.Of(type) : null;
        var clients = await session.QueryAsync<Client>(
            $"{ListSql}{by}{WithinOrganizations.Sql(range, "owner_organization_id")}{InOrder}",
            WithinOrganizations.Parameters(range, new { realmId, clientType, filter.OwnerOrganizationId }),
            cancellationToken);
        return await WithSecretsAsync(session, clients, realmId, range, cancellationToken);
    }

    private static async Task<IReadOnlyList<Client>> WithSecretsAsync(
        DatabaseSession session, IReadOnlyList<Client> clients, string realmId, PageRange range, CancellationToken cancellationToken)
    {
        var secrets = new { realmId, range.AfterId, lastId = clients is [.., var last] ? last.ClientId : "" };
        return await WithSecretsAsync(session, clients, ListSecretsSql, secrets, cancellationToken);
    }

    public async Task<IReadOnlyList<Client>> ListChangedAsync(
        DatabaseSession session, string realmId, long afterRevision, CancellationToken cancellationToken)
    {
        var clients = await session.QueryAsync<Client>(ListChangedSql, new { realmId, afterRevision }, cancellationToken);
        return await WithSecretsAsync(session, clients, ListChangedSecretsSql, new { realmId, afterRevision }, cancellationToken);
    }

    public async Task UpsertAsync(DatabaseSession session, IReadOnlyList<Client> resources, CancellationToken cancellationToken)
    {
        await session.ExecuteEachAsync(UpsertSql, resources.Select(Parameters).ToArray(), cancellationToken);
        await session.ExecuteEachAsync(ClearSecretsSql, resources, cancellationToken);
        var secrets = resources.SelectMany(resource => resource.Secrets.Select(secret => new
        {
            resource.RealmId,
            resource.ClientId,
            secret.SecretId,
            secret.Sha256,
            secret.CreatedAt,
            secret.ExpiresAt,
        }));
        await session.ExecuteEachAsync(AddSecretSql, secrets.ToArray(), cancellationToken);
    }

    public Task DeleteAsync(DatabaseSession session, string realmId, IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        session.ExecuteEachAsync(DeleteSql, ids.Select(id => new { realmId, id }).ToArray(), cancellationToken);

    private static async Task<IReadOnlyList<Client>> WithSecretsAsync(
        DatabaseSession session, IReadOnlyList<Client> clients, string sql, object parameters, CancellationToken cancellationToken)
    {
        if (clients.Count == 0)
        {
            return [];
        }

        var rows = await session.QueryAsync<SecretRow>(sql, parameters, cancellationToken);
        var secrets = rows.ToLookup(row => row.ClientId, row => new ClientSecret
        {
            SecretId = row.SecretId,
            Sha256 = row.Sha256,
            CreatedAt = row.CreatedAt,
            ExpiresAt = row.ExpiresAt,
        });
        return [.. clients.Select(client => client with { Secrets = [.. secrets[client.ClientId]] })];
    }

    private static object Parameters(Client client) => new
    {
        client.RealmId,
        client.ClientId,
        client.DisplayName,
        clientType = StoredNames.Of(client.ClientType),
        client.Disabled,
        client.GrantTypes,
        client.RedirectUris,
        client.Scopes,
        consentPolicy = StoredNames.Of(client.ConsentPolicy),
        client.AccessTokenLifetime,
        client.DynamicallyRegistered,
        client.OwnerOrganizationId,
        client.Logo,
        client.Verified,
        client.RequiredScopes,
        client.RequirePushedAuthorizationRequests,
        client.WebOrigins,
        client.AsksForOrganization,
        accessTokenFormat = StoredNames.Of(client.AccessTokenFormat),
        client.Jwks,
        client.RequireSignedRequestObject,
        client.AccessTokenSignedResponseAlg,
        client.DpopBoundAccessTokens,
        client.TokenEndpointAuthMethod,
        client.TlsClientAuth,
        client.TlsClientCertificateBoundAccessTokens,
        client.MayActClientId,
        securityProfile = StoredNames.Of(client.SecurityProfile),
        client.About,
        client.Origin,
        client.AuthorizationDetailsTypes,
    };

    private sealed record SecretRow
    {
        public required string ClientId { get; init; }

        public required string SecretId { get; init; }

        public required string Sha256 { get; init; }

        public required DateTimeOffset CreatedAt { get; init; }

        public DateTimeOffset? ExpiresAt { get; init; }
    }
}

/// <summary>Which clients; null: whichever.</summary>
public sealed record ClientFilter
{
    public ClientType? ClientType { get; init; }

    /// <summary>Exactly this one, not those above or below.</summary>
    public string? OwnerOrganizationId { get; init; }

    /// <summary>Only those (RFC 7591); false: whichever.</summary>
    public bool DynamicallyRegistered { get; init; }
}
