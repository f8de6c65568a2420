using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.Grants;
using Pltfrms.Iam.Token.Keys;
using Pltfrms.Iam.Token.Profiles;
using Pltfrms.Iam.Token.Realms;
using Pltfrms.Iam.Token.Registration;
using Pltfrms.Iam.Token.Tokens.Opaque;

namespace Pltfrms.Iam.Token.Tokens;

/// <summary>Makes the access token for what was granted: signed with the realm's key for the client's algorithm or, for clients that want it so, opaque.</summary>
public sealed class AccessTokenIssuer(KeyRing keyRing, OpaqueTokens opaqueTokens, Issuers issuers, ClientUses uses, TimeProvider clock)
{
    public async ValueTask<IssuedToken> IssueAsync(RealmSnapshot realm, Client client, GrantedAccess access, CancellationToken cancellationToken)
    {
        var token = TokenOf(realm, client, access);
        var lifetime = token.ExpiresAt - token.IssuedAt;
        uses.Note(client);
        return new IssuedToken
        {
            AccessToken = client.AccessTokenFormat == AccessTokenFormat.Opaque
                ? await opaqueTokens.AddAsync(token, cancellationToken)
                : JwtWriter.Write(token, await keyRing.SignerAsync(realm.Realm, SecurityProfiles.TokenAlgorithm(realm.Realm, client), lifetime, cancellationToken)),
            TokenType = Confirmation.TokenTypeOf(access.Confirmation),
            TokenId = token.TokenId,
            ExpiresIn = lifetime,
            ExpiresAt = token.ExpiresAt,
            GrantId = access.GrantId,
            Scopes = access.Scopes,
            AuthorizationDetails = access.AuthorizationDetails,
            OrganizationId = access.OrganizationId,
            Revision = realm.Revision,
            Claims = token,
        };
    }

    private AccessToken TokenOf(RealmSnapshot realm, Client client, GrantedAccess access)
    {
        var issuer = issuers.Of(realm.Realm);
        var now = clock.GetUtcNow();
        var issuedAt = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds());
        var lifetime = LifetimeOf(client.AccessTokenLifetime ?? realm.Realm.AccessTokenLifetime, access, issuedAt);
        return new AccessToken
        {
            TokenId = TimeOrderedId.New(now),
            RealmId = realm.RealmId,
            Issuer = issuer,
            Subject = access.Subject,
            ClientId = client.ClientId,
            Scopes = access.Scopes,
            // RFC 9068 section 3: without a resource server, a default resource. The realm itself is ours.
            Audiences = access.Audiences.Count > 0 ? access.Audiences : [issuer],
            AuthorizationDetails = access.AuthorizationDetails,
            OrganizationId = access.OrganizationId,
            Acr = access.Acr,
            Amr = access.Amr,
            AuthenticatedAt = access.AuthenticatedAt,
            GrantId = access.GrantId,
            DelegationId = access.DelegationId,
            MayAct = client.MayActClientId is { } mayAct ? Principal.Client(mayAct) : null,
            Actors = access.Actors,
            ParentIds = access.ParentIds,
            Assertion = access.Assertion,
            Confirmation = access.Confirmation,
            IssuedAt = issuedAt,
            ExpiresAt = issuedAt + lifetime,
        };
    }

    private static TimeSpan LifetimeOf(TimeSpan usual, GrantedAccess access, DateTimeOffset issuedAt)
    {
        var lifetime = access.MaxLifetime is { } most && most < usual ? most : usual;
        return access.ExpiresNoLaterThan is { } end && end - issuedAt < lifetime ? end - issuedAt : lifetime;
    }
}
