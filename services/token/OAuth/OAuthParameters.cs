using System.Text;

namespace Pltfrms.Iam.Token.OAuth;

/// <summary>The parameters that the endpoints know, and how long each may be.</summary>
public static class OAuthParameters
{
    public const string GrantType = "grant_type";
    public const string Scope = "scope";
    public const string ClientId = "client_id";
    public const string ClientSecret = "client_secret";
    public const string Organization = "organization";
    public const string Audience = "audience";
    public const string Resource = "resource";
    public const string Token = "token";
    public const string TokenTypeHint = "token_type_hint";
    public const string Code = "code";
    public const string RedirectUri = "redirect_uri";
    public const string CodeVerifier = "code_verifier";
    public const string RefreshToken = "refresh_token";
    public const string ResponseType = "response_type";
    public const string ResponseMode = "response_mode";
    public const string State = "state";
    public const string CodeChallenge = "code_challenge";
    public const string CodeChallengeMethod = "code_challenge_method";
    public const string Prompt = "prompt";
    public const string MaxAge = "max_age";
    public const string AcrValues = "acr_values";
    public const string LoginHint = "login_hint";
    public const string UiLocales = "ui_locales";
    public const string Request = "request";
    public const string RequestUri = "request_uri";
    public const string ConsentChallenge = "consent_challenge";
    public const string DeviceCode = "device_code";
    public const string UserCode = "user_code";
    public const string CsrfToken = "csrf_token";
    public const string LoginVerifier = "login_verifier";
    public const string UserName = "username";
    public const string ClientAssertion = "client_assertion";
    public const string ClientAssertionType = "client_assertion_type";
    public const string DpopJkt = "dpop_jkt";
    public const string Assertion = "assertion";
    public const string AccountVisit = "account_visit";
    public const string SubjectToken = "subject_token";
    public const string SubjectTokenType = "subject_token_type";
    public const string ActorToken = "actor_token";
    public const string ActorTokenType = "actor_token_type";
    public const string RequestedTokenType = "requested_token_type";
    public const string AuthorizationDetails = "authorization_details";

    /// <summary>Parameters that we do not know are ignored (RFC 6749 section 3.2), but not read without end.</summary>
    public const int MaxUnknownLength = 8 * 1024;

    private static readonly (string Name, int MaxLength)[] Known =
    [
        (GrantType, 256), (Scope, 4 * 1024), (ClientId, 256), (ClientSecret, 1024), (Organization, 256),
        (Audience, 2 * 1024), (Resource, 2 * 1024), (Token, 16 * 1024), (TokenTypeHint, 256),
        (Code, 256), (RedirectUri, 2 * 1024), (CodeVerifier, 256), (RefreshToken, 256), (ResponseType, 256), (ResponseMode, 256), (State, 2 * 1024),
        (CodeChallenge, 256), (CodeChallengeMethod, 256), (Prompt, 256), (MaxAge, 16), (AcrValues, 1024), (LoginHint, 256), (UiLocales, 256),
        (AuthorizationDetails, 16 * 1024), (Request, 16 * 1024), (RequestUri, 512), (ConsentChallenge, 256), (UserName, 256),
        (SubjectToken, 16 * 1024), (SubjectTokenType, 256), (ActorToken, 16 * 1024), (ActorTokenType, 256), (RequestedTokenType, 256),
        (LoginVerifier, 256), (AccountVisit, 256), (DeviceCode, 256), (UserCode, 64), (CsrfToken, 256),
        (Assertion, 16 * 1024), (ClientAssertion, 16 * 1024), (ClientAssertionType, 256), (DpopJkt, 64),
    ];

    /// <summary>Whether a parameter may be there several times (RFC 8707 section 2).</summary>
    public static bool IsRepeatable(string name) => name == Resource;

    /// <summary>The name as a constant, so that requests make no strings for names; null where we do not know it.</summary>
    public static string? Intern(ReadOnlySpan<char> name, out int maxLength) =>
        Find(name, static (name, known) => name.SequenceEqual(known), out maxLength);

    /// <summary>The same for a name as it came; null also where it is one that we know, spelled with escapes.</summary>
    public static string? Intern(ReadOnlySpan<byte> name, out int maxLength) => Find(name, static (name, known) => Ascii.Equals(name, known), out maxLength);

    private static string? Find<T>(ReadOnlySpan<T> name, Func<ReadOnlySpan<T>, string, bool> isKnown, out int maxLength)
    {
        foreach (var known in Known)
        {
            if (isKnown(name, known.Name))
            {
                maxLength = known.MaxLength;
                return known.Name;
            }
        }

        maxLength = MaxUnknownLength;
        return null;
    }
}
