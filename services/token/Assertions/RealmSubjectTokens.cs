using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.Exchange;
using Pltfrms.Iam.Token.Grants;
using Pltfrms.Iam.Token.Realms;

namespace Pltfrms.Iam.Token.Assertions;

/// <summary>
/// Access tokens of trusted realms as subject tokens of an exchange (RFC 8693): what such a token stands for here, as if the client that presents it had
/// it already. The realm's exchange rules then decide as they do of its own tokens.
/// </summary>
public sealed class RealmSubjectTokens(PresentedAssertions presented, AssertedSubjects subjects, Issuers issuers, TimeProvider clock)
{
    /// <summary>Null: it is no token of a trusted realm.</summary>
    /// <exception cref="IamException">EXCHANGE_REFUSED; the outages.</exception>
    public async Task<(RealmSnapshot Realm, AccessToken Subject)?> FindAsync(GrantRequest request, string token, CancellationToken cancellationToken)
    {
        try
        {
            return await presented.VerifySubjectTokenAsync(request, token, cancellationToken) is { } assertion
                ? await StandsForAsync(request, assertion, cancellationToken)
                : null;
        }
        catch (IamException refusal) when (refusal.Reason == ErrorReason.InvalidGrant)
        {
            throw ExchangeRefused.Because(refusal.Message);
        }
    }

    private async Task<(RealmSnapshot Realm, AccessToken Subject)> StandsForAsync(
        GrantRequest request, VerifiedAssertion assertion, CancellationToken cancellationToken)
    {
        var (realm, subject) = await subjects.FindAsync(request.Realm, request.Client, assertion, cancellationToken);
        var (source, ceiling) = DecideAssertion.Weigh(request with { Realm = realm }, assertion);
        var now = clock.GetUtcNow();
        var end = now + assertion.Registration.MaxLifetime;
        var token = new AccessToken
        {
            TokenId = assertion.Token!.Ids[0],
            RealmId = realm.RealmId,
            Issuer = issuers.Of(realm.Realm),
            Subject = subject,
            ClientId = request.Client.ClientId,
            Scopes = ceiling.Scopes,
            Audiences = [],
            Assertion = source,
            IssuedAt = now,
            ExpiresAt = assertion.ExpiresNoLaterThan is { } theirs && theirs < end ? theirs : end,
        };
        return (realm, token);
    }
}
