using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Pltfrms.Iam.Common.Http;

/// <summary>What a request says that its body is.</summary>
public static class ContentType
{
    public const string Json = "application/json";
    public const string Form = "application/x-www-form-urlencoded";

    /// <summary>Whether it is of a media type, in UTF-8 and not compressed.</summary>
    public static bool IsPlain(HttpRequest request, string mediaType) => Is(request, mediaType) && request.Headers.ContentEncoding.Count == 0;

    /// <summary>Whether it is of a media type, in UTF-8.</summary>
    public static bool Is(HttpRequest request, string mediaType) =>
        string.Equals(request.ContentType, mediaType, StringComparison.OrdinalIgnoreCase)
        || (MediaTypeHeaderValue.TryParse(request.ContentType, out var parsed)
            && parsed.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase)
            && (!parsed.Charset.HasValue || parsed.Charset.Value.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase)));
}
