using System.Text.Json;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.Authorization;
using Pltfrms.Iam.Token.Sessions;

namespace Pltfrms.Iam.Token.Upstream;

/// <summary>Finds out who has logged in at the realm's OpenID provider.</summary>
public sealed class UpstreamLogin(
    UpstreamProviders providers, CodeExchange codes, IdTokens idTokens, IUpstreamUsers users, RealmSnapshots realms, ILogger<UpstreamLogin> log)
{
    /// <exception cref="IamException">For the client: ACCESS_DENIED, LOGIN_REQUIRED, INTERACTION_REQUIRED, UNMET_AUTHENTICATION_REQUIREMENTS, SERVICE_UNAVAILABLE.</exception>
    public async Task<CompletedLogin> ExecuteAsync(
        OpenAuthorization open, UpstreamProvider upstream, UpstreamResponse response, UpstreamState state, CancellationToken cancellationToken)
    {
        var realmId = open.Pending.RealmId;
        JsonElement claims;
        try
        {
            claims = await ClaimsAsync(open, upstream, response, state, cancellationToken);
        }
        catch (ProviderException exception)
        {
            log.ProviderFailed(realmId, upstream.Issuer, exception.Message);
            throw new IamException(ErrorReason.ServiceUnavailable, "The login at the realm's OpenID provider failed.", exception);
        }

        // OpenID Connect Core section 3.1.2.1: with max_age it must say when. How long ago that may be is checked with every login.
        if (open.Request.MaxAge is not null && ProviderClaims.AuthenticatedAt(claims) is null)
        {
            throw new IamException(ErrorReason.UnmetAuthenticationRequirements, "The realm's OpenID provider does not say when the user logged in.");
        }

        var subject = new UpstreamSubject(upstream.Issuer, ProviderJson.Text(claims, "sub")!, ProviderClaims.DisplayName(claims));
        var user = await users.ResolveAsync(realmId, subject, cancellationToken);
        var realm = await realms.GetAsync(realmId, user.Revision, cancellationToken);
        return realm.FindUser(user.UserId) is { Disabled: false }
            ? ProviderClaims.LoginOf(claims, upstream, realm, user.UserId)
            : throw new IamException(ErrorReason.AccessDenied, "The user is not known here.");
    }

    private async Task<JsonElement> ClaimsAsync(
        OpenAuthorization open, UpstreamProvider upstream, UpstreamResponse response, UpstreamState state, CancellationToken cancellationToken)
    {
        var metadata = await providers.MetadataAsync(upstream.Issuer, cancellationToken);

        // RFC 9207 section 2.4: before anything else of the response is believed.
        if (response.Issuer is { } issuer ? issuer != upstream.Issuer : metadata.NamesIssuer)
        {
            throw new ProviderException("the response is another provider's, or does not say whose it is");
        }

        if (response.Error is { } error)
        {
            throw RefusalOf(error);
        }

        var code = response.Code ?? throw new ProviderException("the response has neither a code nor an error");
        var tokens = await codes.ExecuteAsync(open, upstream, metadata, (code, state.CodeVerifier), cancellationToken);
        return await idTokens.VerifyAsync(upstream, tokens, state.Nonce, cancellationToken);
    }

    /// <summary>What the user decided, or the provider about the user, is the client's to know; what is between the provider and us is not.</summary>
    private static Exception RefusalOf(string error) => error switch
    {
        "access_denied" => new IamException(ErrorReason.AccessDenied, "The user did not log in."),
        "login_required" => new IamException(ErrorReason.LoginRequired, "The user must log in."),
        "interaction_required" or "account_selection_required" or "consent_required" =>
            new IamException(ErrorReason.InteractionRequired, "The realm's OpenID provider must ask the user something."),
        "unmet_authentication_requirements" =>
            new IamException(ErrorReason.UnmetAuthenticationRequirements, "The user cannot log in as strongly as asked for."),
        _ => new ProviderException($"it answers with the error '{Shown(error)}'"),
    };

    private static string Shown(string error) =>
        error.Length <= 64 && error.All(c => char.IsAsciiLetter(c) || c == '_') ? error : "of no known form";
}
