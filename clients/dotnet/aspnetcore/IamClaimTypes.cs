namespace Pltfrms.Iam.Client.AspNetCore;

/// <summary>The claims of an authenticated caller, named as in the token.</summary>
public static class IamClaimTypes
{
    /// <summary>The user or, where a client acts for itself, the client.</summary>
    public const string Subject = "sub";

    /// <summary><c>user</c> or <c>client</c>: equal ids are never confused.</summary>
    public const string SubjectType = "sub_type";

    /// <summary>The client that the token was issued to.</summary>
    public const string ClientId = "client_id";

    /// <summary>One claim for each granted scope.</summary>
    public const string Scope = "scope";

    /// <summary>The organization that the token is tied to.</summary>
    public const string OrganizationId = "organization_id";

    /// <summary>The realm's issuer.</summary>
    public const string Issuer = "iss";

    /// <summary>One claim for each resource server that the token is for.</summary>
    public const string Audience = "aud";

    /// <summary>The token's id.</summary>
    public const string TokenId = "jti";

    /// <summary>When the token expires, in seconds since 1970.</summary>
    public const string ExpiresAt = "exp";

    /// <summary>The authentication context class of the login.</summary>
    public const string Acr = "acr";

    /// <summary>When the user authenticated, in seconds since 1970.</summary>
    public const string AuthenticatedAt = "auth_time";

    /// <summary>The grant that the token belongs to.</summary>
    public const string GrantId = "grant_id";

    /// <summary>Who acts for the subject (RFC 8693 section 4.1), as JSON.</summary>
    public const string Actor = "act";

    /// <summary>The keys that the caller has proven to have (RFC 7800), as JSON.</summary>
    public const string Confirmation = "cnf";
}
