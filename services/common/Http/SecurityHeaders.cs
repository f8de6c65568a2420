using Microsoft.AspNetCore.Http;

namespace Pltfrms.Iam.Common.Http;

/// <summary>What every answer to a browser carries (RFC 9700 section 4.16, OWASP ASVS 5.0 V3.4).</summary>
public static class SecurityHeaders
{
    private const string NoStore = "no-store";
    private const string NothingAtAll = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'";
    private const string OneYear = "max-age=31536000";

    /// <summary>What an HTTP listener's answers carry whoever writes them: nobody keeps, frames or guesses at one that says nothing else.</summary>
    /// <param name="response">The answer, before anybody has begun it.</param>
    /// <param name="behindTlsProxy">Whether a plain request came over TLS as far as its sender knows.</param>
    public static void SetDefaults(HttpResponse response, bool behindTlsProxy)
    {
        SetForAll(response, NoStore);
        response.Headers.ContentSecurityPolicy = NothingAtAll;
        if (behindTlsProxy)
        {
            response.Headers.StrictTransportSecurity = OneYear;
        }
    }

    /// <summary>What an answer carries that a browser may show or follow.</summary>
    /// <param name="response">The answer, before it starts.</param>
    /// <param name="caching">Who may keep it; nobody where nothing is said.</param>
    public static void Set(HttpResponse response, string caching = NoStore)
    {
        SetForAll(response, caching);
        // About windows, so of no use to an answer that is never shown in one.
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
    }

    private static void SetForAll(HttpResponse response, string caching)
    {
        var headers = response.Headers;
        headers.CacheControl = caching;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        if (response.HttpContext.Request.IsHttps)
        {
            headers.StrictTransportSecurity = OneYear;
        }
    }
}
