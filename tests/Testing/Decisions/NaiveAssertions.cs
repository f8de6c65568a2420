using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Tokens;

namespace Testing.Decisions;

/// <summary>Whether the word that a token comes of still counts, here and in the realm whose token it was.</summary>
/// <param name="here">The realm of the token.</param>
/// <param name="there">The realm that may be trusted.</param>
/// <param name="revokedThere">The ids of tokens and grants.</param>
/// <param name="versionOf">Names a rule as it is.</param>
public sealed class NaiveAssertions(
    IReadOnlyCollection<IRealmResource> here, IReadOnlyCollection<IRealmResource> there, IReadOnlySet<string> revokedThere, Func<AssertionRule, string> versionOf)
{
    private readonly NaiveRealm _here = new(here);
    private readonly NaiveRealm _there = new(there);

    public bool Stands(AccessToken token, AssertionSource source) =>
        _here.Realm.AssertionIssuers.Any(issuer => issuer.Name == source.Name && !issuer.Disabled && Says(issuer, token, source))
        && (source.Token is not { } origin || Stands(origin));

    private bool Says(AssertionIssuer issuer, AccessToken token, AssertionSource source) =>
        issuer.Issuer == source.Issuer
        && issuer.TrustedRealmId == source.Token?.RealmId
        && (source.Token is not { } origin || issuer.SubjectClientIds.Contains(origin.ClientId))
        && issuer.ClientIds.Contains(source.ClientId)
        && (issuer.AssertsRoles || !source.AssertsRoles)
        && (issuer.Rules.Count > 0) == (source.Rules.Count > 0)
        && source.Rules.All(version => issuer.Rules.Any(rule => versionOf(rule) == version))
        && (issuer.OrganizationIds.Count == 0
            || (token.OrganizationId is { } organizationId && issuer.OrganizationIds.Any(allowed => _here.IsAtOrBelow(organizationId, allowed))))
        && token.Scopes.All(scope => _here.Covers([.. issuer.Scopes], scope));

    private bool Stands(RealmTokenOrigin origin) =>
        _there.IsWelcome(Principal.Client(origin.ClientId))
        && _there.IsWelcome(origin.Subject)
        && (origin.OrganizationId is null || _there.IsUsable(origin.OrganizationId))
        && !origin.Ids.Any(revokedThere.Contains);
}
