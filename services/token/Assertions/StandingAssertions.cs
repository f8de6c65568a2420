using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.Tokens.Revocation;

namespace Pltfrms.Iam.Token.Assertions;

/// <summary>
/// Whether the word that a token comes of still counts: its issuer is registered as it was, for no less than the token says; and a token of another realm
/// is not revoked there, nor anything that it stands on.
/// </summary>
public sealed class StandingAssertions(RealmSnapshots realms, Revocations revocations)
{
    /// <summary>A realm that was made after a token, with the id of the one that the token came from, is another. Tokens know whole seconds.</summary>
    private static readonly TimeSpan IssueTimePrecision = TimeSpan.FromSeconds(1);

    /// <exception cref="IamException">REALM_FEED_UNAVAILABLE, STORAGE_UNAVAILABLE where nobody can know.</exception>
    public ValueTask<bool> StandsAsync(RealmSnapshot realm, AccessToken token, CancellationToken cancellationToken)
    {
        if (token.Assertion is not { } source)
        {
            return new(true);
        }

        if (!IsRegistered(realm, token, source))
        {
            return new(false);
        }

        return source.Token is null ? new(true) : new(StandsThereAsync(source.Token, token, cancellationToken));
    }

    private static bool IsRegistered(RealmSnapshot realm, AccessToken token, AssertionSource source) =>
        AssertionTerms.Find(realm, source.Name) is { } issuer
        && issuer.Issuer == source.Issuer
        && issuer.TrustedRealmId == source.Token?.RealmId
        && (source.Token is null || issuer.SubjectClientIds.Contains(source.Token.ClientId))
        && issuer.ClientIds.Contains(source.ClientId)
        && (issuer.AssertsRoles || !source.AssertsRoles)
        && (issuer.Rules.Count == 0) == (source.Rules.Count == 0)
        && source.Rules.All(version => issuer.Rules.Any(rule => AssertionRules.VersionOf(rule) == version))
        && AssertionTerms.AllowOrganization(realm, issuer, token.OrganizationId)
        && token.Scopes.All(scope => AssertionTerms.Cover(realm, [.. issuer.Scopes], scope));

    private async Task<bool> StandsThereAsync(RealmTokenOrigin origin, AccessToken token, CancellationToken cancellationToken)
    {
        RealmSnapshot there;
        try
        {
            there = await realms.GetAsync(origin.RealmId, minRevision: 0, cancellationToken);
        }
        catch (IamException exception) when (exception.Reason == ErrorReason.RealmNotFound)
        {
            return false;
        }

        var isWelcome = there.Realm.CreatedAt < token.IssuedAt + IssueTimePrecision
            && there.FindClient(origin.ClientId) is { Disabled: false }
            && PermissionDecision.IsKnown(there, origin.Subject)
            && (origin.OrganizationId is null || there.IsUsableOrganization(origin.OrganizationId));
        return isWelcome && !await revocations.IsRevokedAsync(AsTheyKnowIt(origin, token), cancellationToken);
    }

    /// <summary>The other realm's revocations are found as those of exchanged tokens are: by the ids of what a token comes from.</summary>
    private static AccessToken AsTheyKnowIt(RealmTokenOrigin origin, AccessToken token) => token with
    {
        RealmId = origin.RealmId,
        TokenId = origin.Ids[0],
        GrantId = null,
        KeyId = null,
        ParentIds = origin.Ids,
    };
}
