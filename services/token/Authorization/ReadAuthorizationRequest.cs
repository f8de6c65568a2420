using System.Globalization;
using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.AuthorizationDetails;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.Grants;
using Pltfrms.Iam.Token.OAuth;

namespace Pltfrms.Iam.Token.Authorization;

/// <summary>The rules for the parameters of an authorization request, in the order in which a refusal becomes safe to tell the client.</summary>
public static class ReadAuthorizationRequest
{
    private const int MaxListed = 20;

    /// <summary>The client, and where its answers go. What is refused here is for the user's eyes only.</summary>
    /// <exception cref="IamException">INVALID_CLIENT or INVALID_REQUEST.</exception>
    public static (Client Client, AuthorizationTarget Target) Target(RealmSnapshot realm, string issuer, OAuthForm parameters)
    {
        if (realm.FindClient(parameters.Require(OAuthParameters.ClientId)) is not { Disabled: false } client)
        {
            throw new IamException(ErrorReason.InvalidClient, "The application is not registered here.");
        }

        var redirectUri = parameters.Require(OAuthParameters.RedirectUri);
        if (!RedirectUris.IsRegistered(client.RedirectUris.AsSpan(), redirectUri))
        {
            throw Invalid("The redirect_uri is not registered for the application.");
        }

        var mode = parameters.Find(OAuthParameters.ResponseMode) == "form_post" ? ResponseMode.FormPost : ResponseMode.Query;
        return (client, new AuthorizationTarget(redirectUri, mode, parameters.Find(OAuthParameters.State), issuer));
    }

    /// <summary>Everything else.</summary>
    /// <exception cref="IamException">For the client.</exception>
    public static AuthorizationRequest Request(RealmSnapshot realm, Client client, AuthorizationTarget target, OAuthForm parameters)
    {
        RequireCodeFlow(client, parameters);
        return new AuthorizationRequest
        {
            ClientId = client.ClientId,
            RedirectUri = target.RedirectUri,
            State = target.State,
            ResponseMode = target.ResponseMode,
            CodeChallenge = CodeChallenge(parameters),
            Scopes = [.. ScopeList.Checked(ScopeList.Split(parameters.Find(OAuthParameters.Scope)))],
            OrganizationId = Organization(realm, parameters),
            AuthorizationDetails = RequestedDetails.Read(realm.Realm, client, parameters.Find(OAuthParameters.AuthorizationDetails)),
            Resources = Resources(realm, parameters),
            Prompt = Prompt(parameters),
            MaxAge = MaxAge(parameters),
            AcrValues = List(parameters, OAuthParameters.AcrValues),
            LoginHint = parameters.Find(OAuthParameters.LoginHint),
            DpopThumbprint = DpopThumbprint(parameters),
            UiLocales = List(parameters, OAuthParameters.UiLocales),
        };
    }

    /// <summary>What a device may say (RFC 8628 section 3.1, RFC 8707).</summary>
    /// <exception cref="IamException">For the device.</exception>
    public static AuthorizationRequest OfDevice(RealmSnapshot realm, Client client, string deviceHash, OAuthForm parameters) => new()
    {
        ClientId = client.ClientId,
        DeviceHash = deviceHash,
        RedirectUri = "",
        CodeChallenge = "",
        Scopes = [.. ScopeList.Checked(ScopeList.Split(parameters.Find(OAuthParameters.Scope)))],
        OrganizationId = Organization(realm, parameters),
        AuthorizationDetails = RequestedDetails.Read(realm.Realm, client, parameters.Find(OAuthParameters.AuthorizationDetails)),
        Resources = Resources(realm, parameters),
        AcrValues = List(parameters, OAuthParameters.AcrValues),
        UiLocales = List(parameters, OAuthParameters.UiLocales),
    };

    /// <summary>What a link to the user's own pages may say.</summary>
    /// <exception cref="IamException">For the user.</exception>
    public static AuthorizationRequest OfAccount(OAuthForm parameters) => new()
    {
        ClientId = "",
        IsForAccount = true,
        RedirectUri = "",
        CodeChallenge = "",
        UiLocales = List(parameters, OAuthParameters.UiLocales),
    };

    private static string? Organization(RealmSnapshot realm, OAuthForm parameters)
    {
        var organizationId = parameters.Find(OAuthParameters.Organization);
        return organizationId is null || realm.IsUsableOrganization(organizationId)
            ? organizationId
            : throw new IamException(ErrorReason.UnknownOrganization, "The realm has no such organization.");
    }

    private static void RequireCodeFlow(Client client, OAuthForm parameters)
    {
        if (!client.GrantTypes.AsSpan().Contains(AuthorizationCodeGrant.Name))
        {
            throw new IamException(ErrorReason.UnauthorizedClient, "The client may not use this grant type.");
        }

        if (parameters.Require(OAuthParameters.ResponseType) != "code")
        {
            throw new IamException(ErrorReason.UnsupportedResponseType, "response_type must be code.");
        }

        if (parameters.Find(OAuthParameters.ResponseMode) is not (null or "query" or "form_post"))
        {
            throw Invalid("response_mode must be query or form_post.");
        }
    }

    /// <summary>RFC 7636 section 4.3; without a method it would be plain, which RFC 9700 section 2.1.1 rules out.</summary>
    private static string CodeChallenge(OAuthForm parameters)
    {
        var challenge = parameters.Find(OAuthParameters.CodeChallenge) ?? throw Invalid("code_challenge is missing: PKCE is required.");
        if (parameters.Find(OAuthParameters.CodeChallengeMethod) != Pkce.Method)
        {
            throw Invalid("code_challenge_method must be S256.");
        }

        return Pkce.IsChallenge(challenge) ? challenge : throw Invalid("code_challenge must be 43 characters of base64url.");
    }

    /// <summary>RFC 9449 section 10: a SHA-256 thumbprint (RFC 7638) in base64url.</summary>
    private static string? DpopThumbprint(OAuthForm parameters) =>
        parameters.Find(OAuthParameters.DpopJkt) is not { } thumbprint || OpaqueValue.IsOne(thumbprint)
            ? parameters.Find(OAuthParameters.DpopJkt)
            : throw Invalid("dpop_jkt must be a SHA-256 thumbprint: 43 characters of base64url.");

    private static ValueList<string> Resources(RealmSnapshot realm, OAuthForm parameters)
    {
        var resources = parameters.FindAll(OAuthParameters.Resource);
        if (resources.Count > MaxListed)
        {
            throw new IamException(ErrorReason.InvalidTarget, $"There are more than {MaxListed} resources.");
        }

        foreach (var resource in resources)
        {
            // RFC 8707 section 2. Only what is registered counts, and that is absolute and has no fragment.
            if (realm.FindResourceServer(resource) is null)
            {
                throw new IamException(ErrorReason.InvalidTarget, "A resource is unknown.");
            }
        }

        return [.. resources.Distinct(StringComparer.Ordinal)];
    }

    private static Prompts Prompt(OAuthForm parameters)
    {
        var prompt = Prompts.Unset;
        foreach (var word in ScopeList.Split(parameters.Find(OAuthParameters.Prompt)))
        {
            prompt |= word switch
            {
                "none" => Prompts.None,
                "login" or "select_account" => Prompts.Login,
                "consent" => Prompts.Consent,
                _ => throw Invalid("prompt has a value that the server does not know."),
            };
        }

        return prompt.HasFlag(Prompts.None) && prompt != Prompts.None ? throw Invalid("prompt=none allows no other prompt.") : prompt;
    }

    private static int? MaxAge(OAuthForm parameters)
    {
        if (parameters.Find(OAuthParameters.MaxAge) is not { } text)
        {
            return null;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : throw Invalid("max_age must be a number of seconds.");
    }

    private static ValueList<string> List(OAuthForm parameters, string name)
    {
        var values = ScopeList.Split(parameters.Find(name));
        return values.Count <= MaxListed && values.All(value => value.All(c => c is > ' ' and <= '~'))
            ? [.. values]
            : throw Invalid($"{name} has too many values, or characters that it may not have.");
    }

    private static IamException Invalid(string message) => new(ErrorReason.InvalidRequest, message);
}
