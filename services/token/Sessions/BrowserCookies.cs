using Pltfrms.Iam.Common;

namespace Pltfrms.Iam.Token.Sessions;

/// <summary>
/// The cookies that the service sets: one names the browser, one per realm names a session. Host-only, out of scripts' reach, and not sent
/// with requests that other sites make, but for navigation (RFC 6265bis).
/// </summary>
public sealed class BrowserCookies(TokenOptions options)
{
    private const int ValueLength = 43;

    private readonly bool _secure = options.PublicAddress.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    public string? Session(HttpContext context, string realmId) => Read(context, SessionName(realmId));

    public void SetSession(HttpContext context, string realmId, string value) => Write(context, SessionName(realmId), value);

    public void RemoveSession(HttpContext context, string realmId) => context.Response.Cookies.Delete(SessionName(realmId), Attributes());

    public string? Browser(HttpContext context) => Read(context, BrowserName);

    /// <summary>The browser's cookie, made where it has none.</summary>
    public string RequireBrowser(HttpContext context)
    {
        if (Browser(context) is { } known)
        {
            return known;
        }

        var made = OpaqueValue.New();
        Write(context, BrowserName, made);
        return made;
    }

    private string BrowserName => Prefixed("iam-browser");

    private string SessionName(string realmId) => Prefixed($"iam-session.{realmId}");

    /// <summary>With the prefix, browsers take the cookie over TLS only, and from no other host of the domain.</summary>
    private string Prefixed(string name) => _secure ? $"__Host-{name}" : name;

    /// <summary>A value of another form is not ours, whoever set it.</summary>
    private static string? Read(HttpContext context, string name) =>
        context.Request.Cookies.TryGetValue(name, out var value) && value?.Length == ValueLength ? value : null;

    private void Write(HttpContext context, string name, string value) => context.Response.Cookies.Append(name, value, Attributes());

    private CookieOptions Attributes() => new() { Path = "/", HttpOnly = true, Secure = _secure, SameSite = SameSiteMode.Lax, IsEssential = true };
}
