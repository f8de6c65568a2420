using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Consent.Texts;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Consent.Dialog;

/// <summary>Tells what a user is asked.</summary>
public sealed class GetChallenge(RealmSnapshots realms, IDatabase database, ChallengeStore challenges, TimeProvider clock)
{
    /// <param name="realmId">The realm.</param>
    /// <param name="challenge">Sensitive: the value.</param>
    /// <param name="uiLocales">The languages to show, best first; empty: those of the request.</param>
    /// <param name="cancellationToken">The call's.</param>
    /// <exception cref="IamException">REALM_NOT_FOUND, CHALLENGE_NOT_FOUND, CHALLENGE_ANSWERED, REALM_FEED_UNAVAILABLE, STORAGE_UNAVAILABLE.</exception>
    public async Task<ChallengeView> RunAsync(
        string realmId, string challenge, IReadOnlyList<string> uiLocales, CancellationToken cancellationToken)
    {
        var realm = await realms.GetAsync(realmId, 0, cancellationToken);
        await using var session = await database.OpenAsync(cancellationToken);
        var found = await FindOpenAsync(session, realmId, challenge, cancellationToken);
        return View(realm, found, uiLocales.Count > 0 ? uiLocales : found.Request.UiLocales);
    }

    /// <summary>
    /// The question with all that belongs to it, for a page. Its texts are all in the language that the page is in, or in the realm's, so that
    /// the decision's record tells what was shown.
    /// </summary>
    /// <param name="realmId">The realm.</param>
    /// <param name="challenge">Sensitive: the value.</param>
    /// <param name="uiLocales">The languages that the user chose at the page, best first.</param>
    /// <param name="acceptedLanguages">Those of the browser, after the ones of the request.</param>
    /// <param name="cancellationToken">The call's.</param>
    /// <exception cref="IamException">REALM_NOT_FOUND, CHALLENGE_NOT_FOUND, CHALLENGE_ANSWERED, REALM_FEED_UNAVAILABLE, STORAGE_UNAVAILABLE.</exception>
    public async Task<OpenChallenge> OpenAsync(
        string realmId, string challenge, IReadOnlyList<string> uiLocales, IReadOnlyList<string> acceptedLanguages, CancellationToken cancellationToken)
    {
        var realm = await realms.GetAsync(realmId, 0, cancellationToken);
        await using var session = await database.OpenAsync(cancellationToken);
        var found = await FindOpenAsync(session, realmId, challenge, cancellationToken);
        var language = DialogLanguages.Choose(realm, found, [.. uiLocales, .. found.Request.UiLocales, .. acceptedLanguages]);
        var client = realm.FindClient(found.Request.ClientId) ?? throw NotFound();
        return new OpenChallenge(realm, found, client, View(realm, found, [language]));
    }

    /// <exception cref="IamException">CHALLENGE_NOT_FOUND, CHALLENGE_ANSWERED, STORAGE_UNAVAILABLE.</exception>
    internal async Task<Challenge> FindOpenAsync(
        DatabaseSession session, string realmId, string challenge, CancellationToken cancellationToken)
    {
        var hash = OpaqueValue.HashOf(challenge) ?? throw NotFound();
        var found = await challenges.FindAsync(session, realmId, hash, clock.GetUtcNow(), cancellationToken) ?? throw NotFound();
        return found.AnsweredAt is null ? found : throw Answered();
    }

    internal static IamException NotFound() =>
        new(ErrorReason.ChallengeNotFound, "There is no such consent challenge, or it has expired.");

    internal static IamException Answered() => new(ErrorReason.ChallengeAnswered, "The consent challenge is answered already.");

    private static ChallengeView View(RealmSnapshot realm, Challenge challenge, IReadOnlyList<string> locales)
    {
        // Somebody who is gone since the dialog began has nothing left to ask or to grant.
        var request = challenge.Request;
        var client = realm.FindClient(request.ClientId) ?? throw NotFound();
        var user = realm.FindUser(request.UserId) ?? throw NotFound();
        return new ChallengeView
        {
            RealmDisplayName = Views.Named(realm.Realm.DisplayName, realm.RealmId),
            Client = Views.Of(realm, client, locales),
            UserId = user.UserId,
            UserDisplayName = Views.Named(user.DisplayName, user.UserId),
            OrganizationId = request.OrganizationId,
            OrganizationDisplayName = request.OrganizationId.Length > 0 ? Views.Organization(realm, request.OrganizationId) : "",
            Scopes = [.. challenge.Asked.Select(asked => Views.Of(realm, client, asked.Scope, asked.Texts, locales))],
            GrantedScopes = [.. challenge.Granted.Select(scope => Views.Of(realm, client, scope, ScopeTexts.Of(realm, scope), locales))],
            Details = AskedDetails.Views(realm, challenge, locales),
            OfflineAccess = request.OfflineAccess,
            Lifetime = request.Lifetime ?? client.AccessTokenLifetime ?? realm.Realm.AccessTokenLifetime,
            ExpiresAt = challenge.ExpiresAt,
            Language = DialogLanguages.Choose(realm, challenge, locales),
        };
    }
}
