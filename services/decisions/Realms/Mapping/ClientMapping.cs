using Google.Protobuf;
using Pltfrms.Iam.Common.Jose;
using Pltfrms.Iam.Common.Realms.Model;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.Common.Realms.Mapping;

public static class ClientMapping
{
    /// <summary>For callers of the admin API: the secrets are listed, their hashes are not.</summary>
    public static Wire.Client ToWire(this Client client) => new()
    {
        RealmId = client.RealmId,
        ClientId = client.ClientId,
        DisplayName = client.DisplayName,
        ClientType = ToWire(client.ClientType),
        Disabled = client.Disabled,
        GrantTypes = { client.GrantTypes },
        RedirectUris = { client.RedirectUris },
        Scopes = { client.Scopes },
        ConsentPolicy = client.ConsentPolicy == ConsentPolicy.Trusted ? Wire.ConsentPolicy.Trusted : Wire.ConsentPolicy.Required,
        AccessTokenLifetime = WireValues.ToWire(client.AccessTokenLifetime),
        DynamicallyRegistered = client.DynamicallyRegistered,
        OwnerOrganizationId = client.OwnerOrganizationId ?? "",
        Secrets =
        {
            client.Secrets.Select(secret => secret.ToWire()),
        },
        Logo = client.Logo ?? "",
        Verified = client.Verified,
        RequiredScopes = { client.RequiredScopes },
        RequirePushedAuthorizationRequests = client.RequirePushedAuthorizationRequests,
        WebOrigins = { client.WebOrigins },
        AsksForOrganization = client.AsksForOrganization,
        AccessTokenFormat = client.AccessTokenFormat == AccessTokenFormat.Opaque ? Wire.AccessTokenFormat.Opaque : Wire.AccessTokenFormat.Jwt,
        Jwks = client.Jwks ?? "",
        RequireSignedRequestObject = client.RequireSignedRequestObject,
        DpopBoundAccessTokens = client.DpopBoundAccessTokens,
        AccessTokenSignedResponseAlg = client.AccessTokenSignedResponseAlg == SignatureAlgorithms.Es256 ? "" : client.AccessTokenSignedResponseAlg,
        TokenEndpointAuthMethod = client.TokenEndpointAuthMethod ?? "",
        TlsClientAuth = client.TlsClientAuth.ToWire(),
        TlsClientCertificateBoundAccessTokens = client.TlsClientCertificateBoundAccessTokens,
        MayActClientId = client.MayActClientId ?? "",
        SecurityProfile = client.SecurityProfile.ToWire(),
        About = client.About.ToWire(),
        Origin = client.Origin.ToWire(),
        AuthorizationDetailsTypes = { client.AuthorizationDetailsTypes },
    };

    /// <summary>Without the hash.</summary>
    public static Wire.ClientSecret ToWire(this ClientSecret secret) => new()
    {
        SecretId = secret.SecretId,
        CreateTime = WireValues.ToWire(secret.CreatedAt),
        ExpireTime = WireValues.ToWire(secret.ExpiresAt),
    };

    /// <summary>For the services that authenticate clients: with the hashes.</summary>
    public static Wire.FeedClient ToFeedWire(this Client client) => new()
    {
        Client = client.ToWire(),
        HashedSecrets =
        {
            client.Secrets.Select(secret => new Wire.HashedClientSecret
            {
                SecretId = secret.SecretId,
                Sha256 = ByteString.CopyFrom(Convert.FromHexString(secret.Sha256)),
                ExpireTime = WireValues.ToWire(secret.ExpiresAt),
            }),
        },
    };

    /// <exception cref="InvalidDataException">A value that this version does not know.</exception>
    public static Client ToRecord(this Wire.FeedClient feedClient)
    {
        var client = feedClient.Client;
        return new()
        {
            RealmId = client.RealmId,
            ClientId = client.ClientId,
            DisplayName = client.DisplayName,
            ClientType = ToRecord(client.ClientType),
            Disabled = client.Disabled,
            GrantTypes = [.. client.GrantTypes],
            RedirectUris = [.. client.RedirectUris],
            Scopes = [.. client.Scopes],
            ConsentPolicy = client.ConsentPolicy == Wire.ConsentPolicy.Trusted ? ConsentPolicy.Trusted : ConsentPolicy.Required,
            AccessTokenLifetime = client.AccessTokenLifetime?.ToTimeSpan(),
            DynamicallyRegistered = client.DynamicallyRegistered,
            OwnerOrganizationId = WireValues.NullIfEmpty(client.OwnerOrganizationId),
            Secrets = feedClient.HashedSecrets.Select(secret => ToRecord(secret, client)).ToValueList(),
            Logo = WireValues.NullIfEmpty(client.Logo),
            Verified = client.Verified,
            RequiredScopes = [.. client.RequiredScopes],
            RequirePushedAuthorizationRequests = client.RequirePushedAuthorizationRequests,
            WebOrigins = [.. client.WebOrigins],
            AsksForOrganization = client.AsksForOrganization,
            AccessTokenFormat = client.AccessTokenFormat == Wire.AccessTokenFormat.Opaque ? AccessTokenFormat.Opaque : AccessTokenFormat.Jwt,
            Jwks = WireValues.NullIfEmpty(client.Jwks),
            RequireSignedRequestObject = client.RequireSignedRequestObject,
            DpopBoundAccessTokens = client.DpopBoundAccessTokens,
            AccessTokenSignedResponseAlg = WireValues.NullIfEmpty(client.AccessTokenSignedResponseAlg) ?? SignatureAlgorithms.Es256,
            TokenEndpointAuthMethod = WireValues.NullIfEmpty(client.TokenEndpointAuthMethod),
            TlsClientAuth = client.TlsClientAuth.ToRecord(),
            TlsClientCertificateBoundAccessTokens = client.TlsClientCertificateBoundAccessTokens,
            MayActClientId = WireValues.NullIfEmpty(client.MayActClientId),
            SecurityProfile = client.SecurityProfile.ToRecord(),
            About = client.About.ToRecord(),
            Origin = client.Origin.ToRecord(),
            AuthorizationDetailsTypes = [.. client.AuthorizationDetailsTypes],
        };
    }

    private static ClientSecret ToRecord(Wire.HashedClientSecret secret, Wire.Client client) => new()
    {
        SecretId = secret.SecretId,
        Sha256 = Convert.ToHexStringLower(secret.Sha256.Span),
        CreatedAt = client.Secrets.FirstOrDefault(listed => listed.SecretId == secret.SecretId)?.CreateTime?.ToDateTimeOffset() ?? default,
        ExpiresAt = secret.ExpireTime?.ToDateTimeOffset(),
    };

    internal static Wire.ClientType ToWire(ClientType type) => type switch
    {
        ClientType.Web => Wire.ClientType.Web,
        ClientType.Service => Wire.ClientType.Service,
        ClientType.Public => Wire.ClientType.Public,
        ClientType.External => Wire.ClientType.External,
        _ => throw WireValues.Unknown(type),
    };

    /// <exception cref="InvalidDataException">Not set, or a value that this version does not know.</exception>
    public static ClientType ToRecord(this Wire.ClientType type) => type switch
    {
        Wire.ClientType.Web => ClientType.Web,
        Wire.ClientType.Service => ClientType.Service,
        Wire.ClientType.Public => ClientType.Public,
        Wire.ClientType.External => ClientType.External,
        _ => throw WireValues.Unknown(type),
    };
}
