namespace Pltfrms.Iam.Token.SenderConstraints;

/// <summary>Where, below a realm's address, requests with proofs are sent.</summary>
public static class EndpointPaths
{
    public const string Token = "/oauth2/token";
    public const string PushedAuthorization = "/oauth2/par";
}
