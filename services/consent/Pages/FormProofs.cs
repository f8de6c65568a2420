using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Consent.Dialog;

namespace Pltfrms.Iam.Consent.Pages;

/// <summary>
/// Binds a form to the browser that it was shown to: a cookie of the browser, and in each form a proof that was made from the cookie for this form
/// alone. Nothing is stored, so any replica takes the form, and any number of them can be open at once.
/// </summary>
public sealed class FormProofs(ServiceKeys serviceKeys, ConsentPlaces places)
{
    private const string Name = "iam-consent";

    /// <summary>A proof for a form, with the cookie where the browser has none yet.</summary>
    public string Issue(HttpContext context, string form)
    {
        var secret = SecretOf(context.Request);
        if (secret is null)
        {
            secret = OpaqueValue.New();
            context.Response.Cookies.Append(CookieName(), secret, Options());
        }

        return Base64Url.EncodeToString(Proof(secret, form));
    }

    /// <summary>Whether a form that a browser sends was shown to it.</summary>
    public bool Accepts(HttpRequest request, string form, string proof)
    {
        // Fetch Metadata: browsers say where a request comes from; only those that do not are believed on the cookie alone.
        if (request.Headers["Sec-Fetch-Site"] is [{ } site] && site is not ("same-origin" or "none"))
        {
            return false;
        }

        return SecretOf(request) is { } secret && OpaqueValue.IsOne(proof)
            && CryptographicOperations.FixedTimeEquals(Base64Url.DecodeFromChars(proof), Proof(secret, form));
    }

    private string? SecretOf(HttpRequest request) =>
        request.Cookies[CookieName()] is { } secret && OpaqueValue.IsOne(secret) ? secret : null;

    private byte[] Proof(string secret, string form) =>
        HMACSHA256.HashData(serviceKeys.Derive("pltfrms.iam.consent.form"), Encoding.UTF8.GetBytes($"{secret}\0{form}"));

    // RFC 6265bis section 4.1.3.2: a cookie of this name is set by this host alone, over TLS.
    private string CookieName() => places.IsSecure() ? $"__Host-{Name}" : Name;

    // Lax: the page is reached from the client's and the token service's sites, and must see the cookie it set before.
    private CookieOptions Options() => new() { HttpOnly = true, Secure = places.IsSecure(), SameSite = SameSiteMode.Lax, Path = "/" };
}
