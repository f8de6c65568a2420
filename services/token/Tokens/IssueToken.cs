using Pltfrms.Iam.Common.AuthorizationDetails;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.ClientAuthentication;
using Pltfrms.Iam.Token.Exchange;
using Pltfrms.Iam.Token.Grants;
using Pltfrms.Iam.Token.OAuth;
using Pltfrms.Iam.Token.Profiles;
using Pltfrms.Iam.Token.SenderConstraints;

namespace Pltfrms.Iam.Token.Tokens;

/// <summary>The token endpoint's rules (RFC 6749 section 3.2): who is the client, may it use the grant, what does the grant give.</summary>
public sealed class IssueToken(
    RealmSnapshots realms, AuthenticateClient authentication, ConfirmSender senders, GrantTable grants, RateLimits limits, TokenMetrics metrics)
{
    /// <exception cref="IamException">The reasons that <c>TokenService.IssueToken</c> lists.</exception>
    public async ValueTask<IssuedToken> ExecuteAsync(TokenRequest request, CancellationToken cancellationToken)
    {
        var realm = await realms.GetAsync(request.RealmId, minRevision: 0, cancellationToken);
        request.Trail.Realm = realm;
        // A client that cannot keep a secret does not act for itself: nobody would know who it is (RFC 6749 section 4.4).
        var client = await authentication.AuthenticateAsync(
            realm, request.Credentials, allowPublic: request.GrantType != ClientCredentialsGrant.Name, cancellationToken);
        var grant = GrantFor(realm.Realm, client, request.GrantType);
        // What is exchanged is signed or 256 random bits, and its client has a secret: nothing here can be guessed.
        if (request.GrantType is not (ClientCredentialsGrant.Name or TokenExchangeGrant.Name))
        {
            limits.RequireClient(realm.RealmId, client.ClientId);
        }

        if (request.OrganizationId is { } organizationId && !realm.IsUsableOrganization(organizationId))
        {
            throw new IamException(ErrorReason.UnknownOrganization, "The realm has no such organization.")
            {
                Metadata = new Dictionary<string, string> { ["organization_id"] = organizationId },
            };
        }

        var proven = await senders.ExecuteAsync(realm, client, request.Sender, cancellationToken);
        var issued = await grant.IssueAsync(
            new GrantRequest
            {
                Realm = realm,
                Client = client,
                Scopes = ScopeList.Checked(request.Scopes),
                AuthorizationDetails = RequestedDetails.Read(realm.Realm, client, request.AuthorizationDetails),
                OrganizationId = request.OrganizationId,
                Audience = request.Audience,
                SourceAddress = request.SourceAddress,
                Confirmation = SecurityProfiles.Constrained(realm.Realm, client, request.Sender, proven),
                Parameters = request,
            },
            cancellationToken);
        metrics.Issued(grant.GrantType);
        return senders.NextNonce(realm, request.Sender) is { } nonce ? issued with { DpopNonce = nonce } : issued;
    }

    private IGrant GrantFor(Realm realm, Client client, string grantType)
    {
        if (grants.Find(realm, grantType) is not { } grant)
        {
            throw new IamException(ErrorReason.UnsupportedGrantType, "The server does not know this grant type.");
        }

        return client.GrantTypes.AsSpan().Contains(grantType)
            ? grant
            : throw new IamException(ErrorReason.UnauthorizedClient, "The client may not use this grant type.");
    }
}
