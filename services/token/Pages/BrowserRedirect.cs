using System.Globalization;
using System.Text;
using Pltfrms.Iam.Common.Http;

namespace Pltfrms.Iam.Token.Pages;

/// <summary>Sends a browser elsewhere.</summary>
public static class BrowserRedirect
{
    /// <summary>RFC 9700 section 4.12: after a form only 303, with which the browser drops what was posted.</summary>
    public static void To(HttpContext context, string address)
    {
        SecurityHeaders.Set(context.Response);
        context.Response.StatusCode = HttpMethods.IsPost(context.Request.Method) ? StatusCodes.Status303SeeOther : StatusCodes.Status302Found;
        context.Response.Headers.Location = Encoded(address);
        context.Response.ContentLength = 0;
    }

    /// <summary>A header is printable ASCII (RFC 9110 section 5.5). What a registered address has besides is percent-encoded, and the rest stays as it is.</summary>
    private static string Encoded(string address)
    {
        if (!address.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            return address;
        }

        var encoded = new StringBuilder();
        foreach (var octet in Encoding.UTF8.GetBytes(address))
        {
            _ = octet is >= (byte)'!' and <= (byte)'~' ? encoded.Append((char)octet) : encoded.Append(CultureInfo.InvariantCulture, $"%{octet:X2}");
        }

        return encoded.ToString();
    }
}
