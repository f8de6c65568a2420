using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.Net.Http.Headers;
using Pltfrms.Iam.Common.Http;

namespace Pltfrms.Iam.Consent.Pages;

/// <summary>Writes pages and JSON with the headers that keep them to themselves: challenges are in addresses.</summary>
internal static class PageResponse
{
    private const string NoStore = "no-store";
    private const string FormAction = "form-action 'self'";

    /// <summary>Whether the caller would rather have a page than JSON (RFC 9110 section 12.5.1). Without a wish: JSON.</summary>
    public static bool PrefersPage(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted))
        {
            return false;
        }

        double QualityOf(params ReadOnlySpan<string> types)
        {
            foreach (var type in types)
            {
                if (accepted.FirstOrDefault(a => a.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase)) is { } found)
                {
                    return found.Quality ?? 1;
                }
            }

            return 0;
        }

        return QualityOf("text/html", "application/xhtml+xml", "text/*") > QualityOf("application/json", "application/*", "*/*");
    }

    /// <param name="context">The request.</param>
    /// <param name="html">The page.</param>
    /// <param name="formTargets">Where else the page's forms may lead, as CSP sources: browsers ask it of each redirect too.</param>
    public static Task WritePageAsync(HttpContext context, string html, params IEnumerable<string> formTargets)
    {
        var action = string.Join(' ', [FormAction, .. formTargets]);
        context.Response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; style-src {PageLayout.StyleSource}; img-src data:; {action}; frame-ancestors 'none'; base-uri 'none'";
        return WriteAsync(context, "text/html; charset=utf-8", Encoding.UTF8.GetBytes(html));
    }

    /// <summary>One JSON object.</summary>
    public static Task WriteJsonAsync(HttpContext context, Action<Utf8JsonWriter> writeMembers, string caching = NoStore)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writeMembers(writer);
            writer.WriteEndObject();
        }

        return WriteAsync(context, "application/json", buffer.WrittenMemory, caching);
    }

    /// <summary>Sends the browser elsewhere with GET (RFC 9110 section 15.4.4).</summary>
    public static void SeeOther(HttpContext context, string address)
    {
        SecurityHeaders.Set(context.Response);
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        // A header is ASCII; what is not is percent-encoded. A path of ours is, and would be read as a file's.
        context.Response.Headers.Location = address.StartsWith('/') ? address : new Uri(address).AbsoluteUri;
    }

    public static void NoContent(HttpContext context)
    {
        SecurityHeaders.Set(context.Response);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static Task WriteAsync(HttpContext context, string contentType, ReadOnlyMemory<byte> body, string caching = NoStore)
    {
        SecurityHeaders.Set(context.Response, caching);
        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
