using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.Grants;
using Pltfrms.Iam.Token.Keys;
using Pltfrms.Iam.Token.Realms;
using Pltfrms.Iam.Token.Tokens.Opaque;

namespace Pltfrms.Iam.Token.Tokens;

/// <summary>Makes the access token for what was granted: signed with the realm's key or, for clients that want it so, opaque.</summary>
public sealed class AccessTokenIssuer(KeyRing keyRing, OpaqueTokens opaqueTokens, Issuers issuers, TimeProvider clock)
{
    public async ValueTask<IssuedToken> IssueAsync(RealmSnapshot realm, Client client, GrantedAccess access, CancellationToken cancellationToken)
    {
        var lifetime = client.AccessTokenLifetime ?? realm.Realm.AccessTokenLifetime;
        var issuer = issuers.Of(realm.Realm);
        var now = clock.GetUtcNow();
        var issuedAt = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds());
        var token = new AccessToken
        {
            TokenId = Guid.CreateVersion7(now).ToString("N"),
            RealmId = realm.RealmId,
            Issuer = issuer,
            Subject = access.Subject,
            ClientId = client.ClientId,
            Scopes = access.Scopes,
            // RFC 9068 section 3: without a resource server, a default resource. The realm itself is ours.
            Audiences = access.Audiences.Count > 0 ? access.Audiences : [issuer],
            OrganizationId = access.OrganizationId,
            Acr = access.Acr,
            Amr = access.Amr,
            AuthenticatedAt = access.AuthenticatedAt,
            GrantId = access.GrantId,
            IssuedAt = issuedAt,
            ExpiresAt = issuedAt + lifetime,
        };
        return new IssuedToken
        {
            AccessToken = client.AccessTokenFormat == AccessTokenFormat.Opaque
                ? await opaqueTokens.AddAsync(token, cancellationToken)
                : JwtWriter.Write(token, (await keyRing.GetAsync(realm.Realm, cancellationToken)).Active),
            ExpiresIn = lifetime,
            ExpiresAt = token.ExpiresAt,
            GrantId = access.GrantId,
            Scopes = access.Scopes,
            OrganizationId = access.OrganizationId,
            Revision = realm.Revision,
        };
    }
}
