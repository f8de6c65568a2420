using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Jose;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.Grants;

namespace Pltfrms.Iam.Token.Assertions;

/// <summary>Finds out who says what a client presents, and whether to believe it.</summary>
public sealed class PresentedAssertions(ForeignAssertions foreign, TrustedRealms trusted, UsedAssertions used)
{
    private const int MaxLength = 16 * 1024;

    /// <exception cref="IamException">INVALID_GRANT; the outages.</exception>
    public async Task<VerifiedAssertion> VerifyAsync(GrantRequest request, string assertion, CancellationToken cancellationToken)
    {
        var jwt = assertion.Length <= MaxLength ? SignedJwt.Parse(assertion) : null;
        if (jwt is null || StrictJson.TextOf(jwt.Claims, "iss") is not { } issuer)
        {
            throw AssertionRefused.Because("The assertion is no signed JWT that names its issuer.");
        }

        if (request.Realm.Realm.AssertionIssuers.FirstOrDefault(registered => registered is { Disabled: false, Issuer: not null } && registered.Issuer == issuer) is { } outside)
        {
            RequirePresenter(request, outside);
            return await foreign.VerifyAsync(request, outside, jwt, cancellationToken);
        }

        var realm = await trusted.FindAsync(request.Realm, jwt, cancellationToken) ?? throw AssertionRefused.Because("The assertion's issuer is not registered.");
        RequirePresenter(request, realm);
        var verified = await trusted.VerifyAsync(request.Realm, realm, assertion, request.Confirmation, cancellationToken);
        await used.UseAsync(request, verified.Issuer, verified.Token!.Ids[0], verified.ExpiresNoLaterThan!.Value, cancellationToken);
        return verified;
    }

    /// <summary>An access token of a trusted realm, presented for an exchange: as often as it is good (RFC 8693), where an assertion counts once.</summary>
    /// <exception cref="IamException">INVALID_GRANT; the outages.</exception>
    public async Task<VerifiedAssertion?> VerifySubjectTokenAsync(GrantRequest request, string token, CancellationToken cancellationToken)
    {
        if (token.Length > MaxLength || SignedJwt.Parse(token) is not { } jwt || await trusted.FindAsync(request.Realm, jwt, cancellationToken) is not { } realm)
        {
            return null;
        }

        RequirePresenter(request, realm);
        return await trusted.VerifyAsync(request.Realm, realm, token, request.Confirmation, cancellationToken);
    }

    private static void RequirePresenter(GrantRequest request, AssertionIssuer issuer)
    {
        if (!issuer.ClientIds.Contains(request.Client.ClientId))
        {
            throw AssertionRefused.Because("The client may not present this issuer's assertions.");
        }
    }
}
