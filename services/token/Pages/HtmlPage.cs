using System.Security.Cryptography;
using System.Text;
using Pltfrms.Iam.Common.Http;

namespace Pltfrms.Iam.Token.Pages;

/// <summary>Writes a whole page: no script but one that is named by its hash, nothing from elsewhere, in nobody's frame.</summary>
public static class HtmlPage
{
    private const string Style = """
        body{font:16px/1.5 system-ui,sans-serif;margin:0;background:#f4f5f7;color:#1b1f24}
        main{max-width:26rem;margin:10vh auto;padding:2rem;background:#fff;border-radius:.75rem;box-shadow:0 1px 4px #0003}
        h1{font-size:1.4rem;margin:0 0 1rem}
        label{display:block;margin:.75rem 0}
        input[type=text]{display:block;width:100%;box-sizing:border-box;padding:.6rem;font:inherit;border:1px solid #6b7280;border-radius:.4rem}
        button{padding:.6rem 1.2rem;font:inherit;border:0;border-radius:.4rem;background:#0b57d0;color:#fff;cursor:pointer}
        button:focus-visible,input:focus-visible{outline:3px solid #0b57d0;outline-offset:2px}
        .problem{color:#a40e26}
        .hint{color:#4b5563;font-size:.9rem}
        """;

    // No form-action: browsers apply it to the redirects after a form too, and those end at the client.
    private static readonly string Policy =
        $"default-src 'none'; style-src '{HashOf(Style)}'; img-src data:; frame-ancestors 'none'; base-uri 'none'";

    private static readonly Html StyleElement = Html.Inline("style", Style);

    public static Task WriteAsync(HttpContext context, int status, string title, Html body) => WriteAsync(context, status, title, body, script: null);

    /// <param name="context">The request.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="title">For the window and the heading.</param>
    /// <param name="body">What follows the heading.</param>
    /// <param name="script">Runs at the page's end; null: none.</param>
    public static Task WriteAsync(HttpContext context, int status, string title, Html body, string? script)
    {
        var page = Html.Of($"""
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>{StyleElement}</head>
            <body><main><h1>{title}</h1>
            {body}
            </main>{(script is null ? Html.Empty : Html.Inline("script", script))}</body>
            </html>

            """);
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        SecurityHeaders.Set(context.Response);
        response.Headers.ContentSecurityPolicy = script is null ? Policy : $"{Policy}; script-src '{HashOf(script)}'";
        var bytes = Encoding.UTF8.GetBytes(page.ToString());
        response.ContentLength = bytes.Length;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : response.Body.WriteAsync(bytes, context.RequestAborted).AsTask();
    }

    private static string HashOf(string inline) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(inline)))}";
}
