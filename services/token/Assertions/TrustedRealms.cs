using System.Text.Json;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Jose;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.Realms;
using Pltfrms.Iam.Token.Tokens;

namespace Pltfrms.Iam.Token.Assertions;

/// <summary>
/// Takes access tokens of other realms of this suite as assertions, where this realm trusts that one and that one issued the token for this one's issuer
/// and nobody else. Both realms have said yes then, and neither can be talked into it by the other. They are verified as in their own realm, without HTTP.
/// </summary>
public sealed class TrustedRealms(RealmSnapshots realms, ActiveTokens tokens, Issuers issuers)
{
    /// <summary>The registration of the realm whose token this may be; null: of none that is trusted.</summary>
    /// <param name="realm">The one that trusts.</param>
    /// <param name="jwt">Of which nothing is verified.</param>
    /// <param name="cancellationToken">The request's.</param>
    public async ValueTask<AssertionIssuer?> FindAsync(RealmSnapshot realm, SignedJwt jwt, CancellationToken cancellationToken)
    {
        if (StrictJson.TextOf(jwt.Claims, "iss") is not { } issuer)
        {
            return null;
        }

        foreach (var registered in realm.Realm.AssertionIssuers)
        {
            if (registered is { Disabled: false, TrustedRealmId: { } realmId }
                && await FindRealmAsync(realmId, cancellationToken) is { } there
                && issuers.IsOf(issuer, there.Realm))
            {
                return registered;
            }
        }

        return null;
    }

    /// <exception cref="IamException">INVALID_GRANT; the outages.</exception>
    public async Task<VerifiedAssertion> VerifyAsync(
        RealmSnapshot realm, AssertionIssuer trusted, string token, Confirmation? sender, CancellationToken cancellationToken)
    {
        var there = await FindRealmAsync(trusted.TrustedRealmId!, cancellationToken);
        var access = there is null ? null : await tokens.FindAsync(there, token, cancellationToken);
        if (there is null || access is null || (access.OrganizationId is { } organizationId && !there.IsUsableOrganization(organizationId)))
        {
            throw AssertionRefused.Because("The assertion is no active access token of the realm.");
        }

        Check(realm, trusted, access, sender);
        using var claims = JsonDocument.Parse(AccessTokenJson.Write(access).WrittenMemory);
        return new VerifiedAssertion
        {
            Registration = trusted,
            Claims = claims.RootElement.Clone(),
            Issuer = issuers.WithIdOf(there.Realm),
            ExpiresNoLaterThan = access.ExpiresAt,
            Token = new RealmTokenOrigin
            {
                RealmId = there.RealmId,
                Subject = access.Subject,
                ClientId = access.ClientId,
                OrganizationId = access.OrganizationId,
                Ids = [access.TokenId, .. Ids(access.GrantId), .. Ids(access.KeyId), .. access.ParentIds],
            },
        };
    }

    private void Check(RealmSnapshot realm, AssertionIssuer trusted, AccessToken access, Confirmation? sender)
    {
        if (access.Audiences is not [var audience] || audience != issuers.Of(realm.Realm))
        {
            throw AssertionRefused.Because("The access token is not for this realm's issuer, and for it alone.");
        }

        if (!trusted.SubjectClientIds.Contains(access.ClientId))
        {
            throw AssertionRefused.Because("Tokens of that client are not taken.");
        }

        // Whoever trusts a realm has not said that it trusts those whom that realm trusts, nor knows who acts there for whom.
        if (access.Assertion is not null || access.Actors.Count > 0 || access.DelegationId is not null || access.MayAct is not null)
        {
            throw AssertionRefused.Because("The access token comes of somebody else's word, or says who acts or may act with it.");
        }

        // RFC 9449 section 7.1: here it is used at the resource that it is for.
        if (!Confirmation.Holds(access.Confirmation, sender))
        {
            throw AssertionRefused.Because("The access token is bound to a key that the sender has not proven to have.");
        }
    }

    private async ValueTask<RealmSnapshot?> FindRealmAsync(string realmId, CancellationToken cancellationToken)
    {
        try
        {
            return await realms.GetAsync(realmId, minRevision: 0, cancellationToken);
        }
        catch (IamException exception) when (exception.Reason == ErrorReason.RealmNotFound)
        {
            return null;
        }
    }

    private static IEnumerable<string> Ids(string? id) => id is null ? [] : [id];
}
