namespace Pltfrms.Iam.Token.Exchange;

/// <summary>RFC 8693 section 3.</summary>
public static class TokenTypes
{
    public const string AccessToken = "urn:ietf:params:oauth:token-type:access_token";

    /// <summary>Ours: a delegation of the realm, by its id.</summary>
    public const string Delegation = "urn:pltfrms:iam:token-type:delegation";
}
