using System.Text.Json;
using Pltfrms.Iam.Common.Jose;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.ClientAuthentication;
using Pltfrms.Iam.Token.Grants;
using Pltfrms.Iam.Token.Realms;

namespace Pltfrms.Iam.Token.Assertions;

/// <summary>Verifies the JWTs of issuers outside the suite (RFC 7523 section 3, RFC 8725), and takes each once.</summary>
public sealed class ForeignAssertions(AssertionKeys keys, UsedAssertions used, Issuers issuers, TimeProvider clock)
{
    private const int MaxTextLength = 255;

    /// <summary>A JWT of another kind, an access token above all, is never taken for one. Those without a type, or with the one of all JWTs, are most that there are.</summary>
    private static readonly string[] Types = ["authorization-grant+jwt", "jwt", ""];

    /// <summary>The assertion, which is used up then, here and at every replica.</summary>
    /// <exception cref="Common.Errors.IamException">
    /// INVALID_GRANT; ASSERTION_ISSUER_UNAVAILABLE; STORAGE_UNAVAILABLE where nobody can know whether it was used before.
    /// </exception>
    public async Task<VerifiedAssertion> VerifyAsync(GrantRequest request, AssertionIssuer issuer, SignedJwt jwt, CancellationToken cancellationToken)
    {
        if (!Types.Contains(jwt.Type))
        {
            throw AssertionRefused.Because("The assertion is a JWT for another use.");
        }

        // What costs nothing first: for the keys somebody may have to be asked.
        var (id, expiresAt) = Check(request.Realm, issuer, jwt.Claims);
        var candidates = await keys.OfAsync(issuer, StrictJson.TextOf(jwt.Header, "kid"), cancellationToken);
        if (!jwt.IsSignedBy(candidates))
        {
            throw AssertionRefused.Because("The assertion is not signed with a key of its issuer, or in a way that the issuer is not registered with.");
        }

        await used.UseAsync(request, issuer.Issuer!, id, expiresAt, cancellationToken);
        return new VerifiedAssertion { Registration = issuer, Claims = jwt.Claims, Issuer = issuer.Issuer! };
    }

    private (string Id, DateTimeOffset ExpiresAt) Check(RealmSnapshot realm, AssertionIssuer issuer, JsonElement claims)
    {
        // A list, or another address of the server's, could be meant for somebody else too, who would use it here.
        if (StrictJson.TextOf(claims, "aud") != issuers.Of(realm.Realm))
        {
            throw AssertionRefused.Because("The assertion's aud is not the realm's issuer, as one text.");
        }

        if (StrictJson.TextOf(claims, "sub") is not { Length: > 0 and <= MaxTextLength })
        {
            throw AssertionRefused.Because("The assertion has no subject.");
        }

        var expiresAt = ExpiryOf(issuer, claims, clock.GetUtcNow());
        return StrictJson.TextOf(claims, "jti") is { Length: > 0 and <= MaxTextLength } id
            ? (id, expiresAt)
            : throw AssertionRefused.Because("The assertion has no jti.");
    }

    /// <summary>When it is used up for good: an issuer's clock may be ahead of ours or behind it.</summary>
    private static DateTimeOffset ExpiryOf(AssertionIssuer issuer, JsonElement claims, DateTimeOffset now)
    {
        var longest = issuer.MaxAssertionLifetime + ClockSkew.Allowed;
        foreach (var name in new[] { "nbf", "iat" })
        {
            if (claims.TryGetProperty(name, out _) && (StrictJson.InstantOf(claims, name) is not { } since || since > now + ClockSkew.Allowed))
            {
                throw AssertionRefused.Because($"The assertion's {name} is ahead of the time here, or no time.");
            }
        }

        if (StrictJson.InstantOf(claims, "exp") is not { } expiresAt || expiresAt <= now - ClockSkew.Allowed)
        {
            throw AssertionRefused.Because("The assertion has expired, or does not say when it does.");
        }

        var isShort = expiresAt <= now + longest
            && (StrictJson.InstantOf(claims, "iat") is not { } issuedAt || expiresAt - issuedAt <= issuer.MaxAssertionLifetime);
        return isShort ? expiresAt + ClockSkew.Allowed : throw AssertionRefused.Because("The assertion is valid for longer than its issuer's may be.");
    }
}
