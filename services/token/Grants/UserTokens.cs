using Pltfrms.Iam.Common.AuthorizationDetails;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.Codes;
using Pltfrms.Iam.Token.Tokens;

namespace Pltfrms.Iam.Token.Grants;

/// <summary>Access tokens for what a user granted.</summary>
public sealed class UserTokens(AccessTokenIssuer issuer)
{
    /// <param name="request">The token request; its audience narrows.</param>
    /// <param name="access">What was granted, narrowed already to the scopes asked for.</param>
    /// <param name="grantId">The grant.</param>
    /// <param name="cancellationToken">The request's.</param>
    /// <exception cref="IamException">INVALID_GRANT where the user or the organization is no longer welcome, or a key is not the sender's, INVALID_TARGET, INVALID_AUTHORIZATION_DETAILS.</exception>
    public ValueTask<IssuedToken> IssueAsync(GrantRequest request, UserAccess access, string grantId, CancellationToken cancellationToken)
    {
        RequireSender(request, access);
        var realm = request.Realm;
        if (realm.FindUser(access.UserId) is not { Disabled: false }
            || (access.OrganizationId is { } organizationId && !realm.IsUsableOrganization(organizationId)))
        {
            throw Refused();
        }

        // The organization was settled when the user granted; a token for another is another grant.
        if (request.OrganizationId is { } asked && asked != access.OrganizationId)
        {
            throw Refused();
        }

        var targeted = Target(request, access);
        var granted = new GrantedAccess
        {
            Subject = Principal.User(access.UserId),
            Scopes = targeted.Scopes,
            Audiences = targeted.Audiences,
            AuthorizationDetails = targeted.Details,
            OrganizationId = access.OrganizationId,
            Acr = access.Acr,
            Amr = access.Amr,
            AuthenticatedAt = access.AuthenticatedAt,
            GrantId = grantId,
            Confirmation = request.Confirmation,
        };
        return issuer.IssueAsync(realm, request.Client, granted, cancellationToken);
    }

    /// <summary>What is bound to a key is nobody's who cannot prove to have it.</summary>
    /// <exception cref="IamException">INVALID_GRANT.</exception>
    public static void RequireSender(GrantRequest request, UserAccess access)
    {
        if (!Confirmation.Holds(access.Confirmation, request.Confirmation))
        {
            throw Refused();
        }
    }

    public static IamException Refused() => new(ErrorReason.InvalidGrant, "The grant is invalid, expired, revoked or another client's.");

    /// <summary>RFC 8707 section 2.2: a token request may name some of the resources of the authorization request, and no other.</summary>
    private static TokenTarget Target(GrantRequest request, UserAccess access)
    {
        var details = RequestedDetails.Narrow(access.AuthorizationDetails, request.AuthorizationDetails);
        if (request.Audience is not { } audience)
        {
            return TokenTarget.Of(request.Realm, access.Scopes, details, access.Resources);
        }

        return access.Resources.Count == 0 || access.Resources.AsSpan().Contains(audience)
            ? TokenTarget.Of(request.Realm, access.Scopes, details, audience)
            : throw new IamException(ErrorReason.InvalidTarget, "The audience is not one of the authorization's.");
    }
}
