using Microsoft.AspNetCore.Http;

namespace Pltfrms.Iam.Common.Http;

/// <summary>What every answer to a browser carries (RFC 9700 section 4.16, OWASP ASVS 5.0 V3.4).</summary>
public static class SecurityHeaders
{
    private const string NoStore = "no-store";

    /// <param name="response">The answer, before it starts.</param>
    /// <param name="caching">Who may keep it; nobody where nothing is said.</param>
    public static void Set(HttpResponse response, string caching = NoStore)
    {
        var headers = response.Headers;
        headers.CacheControl = caching;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        if (response.HttpContext.Request.IsHttps)
        {
            headers.StrictTransportSecurity = "max-age=31536000";
        }
    }
}
