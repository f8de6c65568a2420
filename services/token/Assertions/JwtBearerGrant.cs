using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.Grants;
using Pltfrms.Iam.Token.Tokens;

namespace Pltfrms.Iam.Token.Assertions;

/// <summary>
/// RFC 7523 section 2.1: a client presents what an issuer outside, or another realm, says of a user. Never issues a refresh token: who wants another
/// access token asks the issuer again (RFC 7521 section 4.1).
/// </summary>
public sealed class JwtBearerGrant(
    PresentedAssertions presented, AssertedSubjects subjects, AccessTokenIssuer issuer, TimeProvider clock, ILogger<JwtBearerGrant> log) : IGrant
{
    public const string Name = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    public string GrantType => Name;

    public bool IsOfferedBy(Realm realm) => realm.AssertionIssuers.Any(registered => !registered.Disabled);

    public async ValueTask<IssuedToken> IssueAsync(GrantRequest request, CancellationToken cancellationToken)
    {
        if (request.Client.ClientType == ClientType.Public)
        {
            throw new IamException(ErrorReason.UnauthorizedClient, "A client that cannot prove who it is cannot be one of those that may present assertions.");
        }

        var assertion = request.Parameters.Assertion ?? throw new IamException(ErrorReason.InvalidRequest, "The parameter assertion is missing.");
        try
        {
            var verified = await presented.VerifyAsync(request, assertion, cancellationToken);
            request.Parameters.Trail.Rule = verified.Registration.Name;
            var (realm, subject) = await subjects.FindAsync(request.Realm, request.Client, verified, cancellationToken);
            var access = DecideAssertion.Decide(request with { Realm = realm }, verified, subject, clock.GetUtcNow());
            return await issuer.IssueAsync(realm, request.Client, access, cancellationToken);
        }
        catch (IamException refusal) when (refusal.Reason is ErrorReason.InvalidGrant or ErrorReason.InvalidScope)
        {
            log.AssertionRefused(request.Realm.RealmId, request.Client.ClientId, refusal.Message);
            throw;
        }
    }
}
