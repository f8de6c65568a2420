using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Scopes;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.Tokens;

namespace Pltfrms.Iam.Token.Grants;

/// <summary>RFC 6749 section 4.4: a confidential client acts on its own behalf. Never issues a refresh token (section 4.4.3).</summary>
public sealed class ClientCredentialsGrant(AccessTokenIssuer tokens, TimeProvider clock) : IGrant
{
    public const string Name = "client_credentials";

    public string GrantType => Name;

    public ValueTask<IssuedToken> IssueAsync(GrantRequest request, CancellationToken cancellationToken) =>
        tokens.IssueAsync(request.Realm, request.Client, Decide(request), cancellationToken);

    private GrantedAccess Decide(GrantRequest request)
    {
        var subject = Principal.Client(request.Client.ClientId);
        var scopeRequest = new ScopeRequest
        {
            Client = request.Client,
            Principal = subject,
            GrantType = GrantType,
            Scopes = request.Scopes,
            HasDetails = request.AuthorizationDetails.Count > 0,
            OrganizationId = request.OrganizationId,
            SourceAddress = request.SourceAddress,
            Now = clock.GetUtcNow(),
        };
        var offered = RequestedScopes.Filter(request.Realm, scopeRequest);
        var granted = GrantedScopes.Filter(request.Realm, scopeRequest, offered.Scopes).Scopes;
        if (granted.Count == 0 && request.Scopes.Count > 0)
        {
            throw new IamException(ErrorReason.InvalidScope, "None of the requested scopes may be granted.");
        }

        string[] audiences = request.Audience is { } audience ? [audience] : [];
        var targeted = TokenTarget.Of(request.Realm, granted, request.AuthorizationDetails, audiences);
        return new GrantedAccess
        {
            Subject = subject,
            Scopes = targeted.Scopes,
            Audiences = targeted.Audiences,
            AuthorizationDetails = targeted.Details,
            OrganizationId = request.OrganizationId,
            Confirmation = request.Confirmation,
        };
    }
}
