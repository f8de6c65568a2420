using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Http;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Consent.Pages;

/// <summary>Reads small bodies, form or JSON, and refuses what is not one.</summary>
internal static class RequestBody
{
    private const int MaxSize = 64 * 1024;
    private const int MaxValues = 512;

    public static bool IsForm(HttpRequest request) => ContentType.Is(request, ContentType.Form);

    /// <exception cref="IamException">UNSUPPORTED_MEDIA_TYPE, REQUEST_TOO_LARGE, INVALID_REQUEST.</exception>
    public static async Task<FormBody> ReadFormAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        Require(request, ContentType.Form);
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
        Require(request, ContentType.Json);
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
        if (!ContentType.IsPlain(request, mediaType))
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
}
