using System.Text.Json;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Jose;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.ClientAuthentication;
using Pltfrms.Iam.Token.OAuth;
using Pltfrms.Iam.Token.Profiles;

namespace Pltfrms.Iam.Token.Authorization;

/// <summary>Authorization requests that their client signed (RFC 9101), by value.</summary>
/// <remarks>
/// An object may come again until it expires: a user who reloads a page, or goes back to it, sends it again. Whoever copies one gains nothing, as what
/// comes of it goes to the client's own address, with the client's own state and code challenge. Where it must count once, the client pushes it.
/// </remarks>
public sealed class RequestObjects(ClientKeys keys, TimeProvider clock)
{
    /// <summary>FAPI 2.0 Message Signing section 5.3.1.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(60);

    /// <summary>Section 10.8: a JWT of another kind is never taken for one. Those without a type, or with the one of all JWTs, are old and many.</summary>
    private static readonly string[] Types = ["oauth-authz-req+jwt", "jwt", ""];

    /// <summary>Section 10.5.</summary>
    /// <exception cref="IamException">INVALID_REQUEST_OBJECT.</exception>
    public static void RequireWhereDue(RealmSnapshot realm, Client client, bool isSigned)
    {
        if (!isSigned && (client.RequireSignedRequestObject || realm.Realm.SessionSettings.RequireSignedRequestObject))
        {
            throw Refused("The client must sign its authorization requests.");
        }
    }

    /// <summary>What the client signed. What stands beside the object is not looked at (section 6.3).</summary>
    /// <param name="realm">The realm.</param>
    /// <param name="issuer">The realm's issuer.</param>
    /// <param name="clientId">Who says that it signed: the <c>client_id</c> beside the object, or the client that authenticated.</param>
    /// <param name="requestObject">The JWT.</param>
    /// <exception cref="IamException">INVALID_CLIENT or INVALID_REQUEST_OBJECT: nothing of the request can be believed.</exception>
    public OAuthForm Open(RealmSnapshot realm, string issuer, string clientId, string requestObject)
    {
        if (realm.FindClient(clientId) is not { Disabled: false } client)
        {
            throw new IamException(ErrorReason.InvalidClient, "The application is not registered here.");
        }

        if (SignedJwt.Parse(requestObject) is not { } jwt || !Types.Contains(jwt.Type))
        {
            throw Refused("The request object is not a signed JWT of the type oauth-authz-req+jwt.");
        }

        var algorithms = SecurityProfiles.Algorithms(realm.Realm, client, SignatureAlgorithms.All);
        if (!jwt.IsSignedBy(keys.Of(client).Where(key => algorithms.Contains(key.Algorithm))))
        {
            throw Refused("The request object is not signed with one of the client's keys and its algorithm.");
        }

        RequireParties(jwt, issuer, clientId);
        RequireTime(jwt.Claims, clock.GetUtcNow());
        return OAuthForm.Of(ParametersOf(jwt.Claims));
    }

    /// <summary>Section 4, and section 6.3: "The Client ID values in the client_id request parameter and in the Request Object client_id claim MUST be identical."</summary>
    private static void RequireParties(SignedJwt jwt, string issuer, string clientId)
    {
        var claims = jwt.Claims;
        if (StrictJson.TextOf(claims, "iss") != clientId || StrictJson.TextOf(claims, OAuthParameters.ClientId) != clientId)
        {
            throw Refused("The request object's iss and client_id must be the client.");
        }

        if (!jwt.Audiences().Contains(issuer))
        {
            throw Refused("The request object's aud must be the issuer, or have it.");
        }

        // Section 10.8: what a client authenticates with has its id as sub.
        if (StrictJson.TextOf(claims, "sub") == clientId)
        {
            throw Refused("The request object's sub must not be the client.");
        }

        // Section 4: "The request and request_uri parameters MUST NOT be included in Request Objects."
        if (claims.TryGetProperty(OAuthParameters.Request, out _) || claims.TryGetProperty(OAuthParameters.RequestUri, out _))
        {
            throw Refused("The request object must not have request or request_uri.");
        }
    }

    private static void RequireTime(JsonElement claims, DateTimeOffset now)
    {
        if (StrictJson.InstantOf(claims, "exp") is not { } expiresAt || expiresAt <= now || expiresAt > now + Longest + ClockSkew.Allowed)
        {
            throw Refused("The request object's exp must be there, ahead, and by 60 minutes at the most.");
        }

        foreach (var name in new[] { "nbf", "iat" })
        {
            if (claims.TryGetProperty(name, out _)
                && (StrictJson.InstantOf(claims, name) is not { } since || since > now + ClockSkew.Allowed || since < now - Longest))
            {
                throw Refused($"The request object's {name} must not be ahead, nor more than 60 minutes ago.");
            }
        }
    }

    /// <summary>Section 4: parameters are claims; numbers are numbers, and what may be repeated (RFC 8707 section 2) is a list.</summary>
    private static IEnumerable<KeyValuePair<string, string>> ParametersOf(JsonElement claims)
    {
        foreach (var claim in claims.EnumerateObject())
        {
            if (OAuthParameters.Intern(claim.Name, out _) is not { } name)
            {
                continue;
            }

            var values = claim.Value.ValueKind == JsonValueKind.Array && OAuthParameters.IsRepeatable(name) ? [.. claim.Value.EnumerateArray()] : new[] { claim.Value };
            foreach (var value in values)
            {
                yield return KeyValuePair.Create(name, value.ValueKind switch
                {
                    JsonValueKind.String => value.GetString()!,
                    JsonValueKind.Number => value.GetRawText(),
                    // RFC 9396 section 3: in a request object it is an array, not a text with one.
                    JsonValueKind.Array when name == OAuthParameters.AuthorizationDetails => value.GetRawText(),
                    _ => throw Refused($"The request object's {name} is not a text."),
                });
            }
        }
    }

    private static IamException Refused(string message) => new(ErrorReason.InvalidRequestObject, message);
}
