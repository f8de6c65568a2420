using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Consent.Pages;

/// <summary>Reads small bodies, form or JSON, and refuses what is not one.</summary>
internal static class RequestBody
{
    private const int MaxSize = 64 * 1024;
    private const int MaxValues = 512;
    private const string FormType = "application/x-www-form-urlencoded";
    private const string JsonType = "application/json";

    public static bool IsForm(HttpRequest request) => Is(request, FormType);

    /// <exception cref="IamException">UNSUPPORTED_MEDIA_TYPE, REQUEST_TOO_LARGE, INVALID_REQUEST.</exception>
    public static async Task<FormBody> ReadFormAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        Require(request, FormType);
        try
        {
            var options = new FormOptions { ValueCountLimit = MaxValues, KeyLengthLimit = 256, ValueLengthLimit = MaxSize };
            return new FormBody(await request.ReadFormAsync(options, cancellationToken));
        }
        catch (InvalidDataException exception)
        {
            throw new IamException(ErrorReason.InvalidRequest, "The form has too many fields, or too long ones.", exception);
        }
    }

    /// <exception cref="IamException">UNSUPPORTED_MEDIA_TYPE, REQUEST_TOO_LARGE, INVALID_REQUEST.</exception>
    public static async Task<JsonBody> ReadJsonAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        Require(request, JsonType);
        try
        {
            var options = new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 8 };
            using var document = await JsonDocument.ParseAsync(request.Body, options, cancellationToken);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new JsonBody(document.RootElement.Clone())
                : throw new IamException(ErrorReason.InvalidRequest, "The body must be a JSON object.");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a name with half a surrogate pair.
            throw new IamException(ErrorReason.InvalidRequest, "The body is not well-formed JSON, or has a name twice.", exception);
        }
    }

    private static void Require(HttpRequest request, string mediaType)
    {
        if (!Is(request, mediaType) || request.Headers.ContentEncoding.Count > 0)
        {
            throw new IamException(ErrorReason.UnsupportedMediaType, $"The body must be {mediaType}, in UTF-8 and not compressed.");
        }

        if (request.ContentLength > MaxSize)
        {
            throw new IamException(ErrorReason.RequestTooLarge, $"The body is larger than {MaxSize} bytes.");
        }

        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = MaxSize;
        }
    }

    private static bool Is(HttpRequest request, string mediaType) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var parsed)
        && parsed.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase)
        && (!parsed.Charset.HasValue || parsed.Charset.Value.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase));
}
