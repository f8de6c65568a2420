using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.ClientAuthentication;
using Pltfrms.Iam.Token.Grants;

namespace Pltfrms.Iam.Token.Tokens;

/// <summary>The token endpoint's rules (RFC 6749 section 3.2): who is the client, may it use the grant, what does the grant give.</summary>
public sealed class IssueToken(RealmSnapshots realms, AuthenticateClient authentication, GrantTable grants, AccessTokenIssuer issuer, TokenMetrics metrics)
{
    /// <exception cref="IamException">The reasons that <c>TokenService.IssueToken</c> lists.</exception>
    public async ValueTask<IssuedToken> ExecuteAsync(TokenRequest request, CancellationToken cancellationToken)
    {
        var realm = await realms.GetAsync(request.RealmId, minRevision: 0, cancellationToken);
        var client = authentication.Authenticate(realm, request.Credentials);
        var grant = GrantFor(client, request.GrantType);
        if (request.OrganizationId is { } organizationId && !realm.IsUsableOrganization(organizationId))
        {
            throw new IamException(ErrorReason.UnknownOrganization, "The realm has no such organization.")
            {
                Metadata = new Dictionary<string, string> { ["organization_id"] = organizationId },
            };
        }

        var access = await grant.DecideAsync(
            new GrantRequest
            {
                Realm = realm,
                Client = client,
                Scopes = ScopeList.Checked(request.Scopes),
                OrganizationId = request.OrganizationId,
                Audience = request.Audience,
                SourceAddress = request.SourceAddress,
            },
            cancellationToken);
        var issued = await issuer.IssueAsync(realm, client, access, cancellationToken);
        metrics.Issued(grant.GrantType);
        return issued;
    }

    private IGrant GrantFor(Client client, string grantType)
    {
        if (grants.Find(grantType) is not { } grant)
        {
            throw new IamException(ErrorReason.UnsupportedGrantType, "The server does not know this grant type.");
        }

        return client.GrantTypes.AsSpan().Contains(grantType)
            ? grant
            : throw new IamException(ErrorReason.UnauthorizedClient, "The client may not use this grant type.");
    }
}
