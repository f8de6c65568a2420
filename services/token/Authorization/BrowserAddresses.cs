namespace Pltfrms.Iam.Token.Authorization;

/// <summary>Where browsers are sent below a realm's issuer.</summary>
public static class BrowserAddresses
{
    public const string AuthorizePath = "/oauth2/authorize";
    public const string ResumePath = "/oauth2/authorize/resume";
    public const string LoginPath = "/oauth2/authorize/login";
    public const string UpstreamPath = "/oauth2/authorize/callback";
    public const string OrganizationPath = "/oauth2/authorize/organization";
    public const string LogoutPath = "/logout";
    public const string DevicePath = "/device";
    public const string ApplicationsPath = "/account/applications";

    public static string Resume(string baseAddress, string handle) => $"{baseAddress}{ResumePath}?request={handle}";
}
