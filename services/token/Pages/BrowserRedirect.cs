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
        context.Response.Headers.Location = address;
        context.Response.ContentLength = 0;
    }
}
