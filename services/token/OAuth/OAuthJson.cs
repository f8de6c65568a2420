using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Pltfrms.Iam.Token.OAuth;

/// <summary>Writes a JSON answer in one piece.</summary>
public static class OAuthJson
{
    private const int InitialSize = 1536;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="context">The request.</param>
    /// <param name="state">What the members come from.</param>
    /// <param name="writeMembers">Writes the members of the one object.</param>
    public static Task WriteAsync<T>(HttpContext context, T state, Action<Utf8JsonWriter, T> writeMembers)
    {
        var buffer = new ArrayBufferWriter<byte>(InitialSize);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            writeMembers(writer, state);
            writer.WriteEndObject();
        }

        return WriteAsync(context, buffer.WrittenMemory);
    }

    public static Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> json)
    {
        var response = context.Response;
        response.ContentType = "application/json";
        response.ContentLength = json.Length;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : response.Body.WriteAsync(json, context.RequestAborted).AsTask();
    }

    /// <summary>RFC 6749 section 5.1: for whatever contains tokens, credentials or the lack of them.</summary>
    public static void NoStore(HttpResponse response)
    {
        response.Headers.CacheControl = "no-store";
        response.Headers.Pragma = "no-cache";
    }
}
