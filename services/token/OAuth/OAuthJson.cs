using System.Buffers;
using System.Text.Json;

namespace Pltfrms.Iam.Token.OAuth;

/// <summary>Writes a JSON answer in one piece.</summary>
public static class OAuthJson
{
    /// <param name="context">The request.</param>
    /// <param name="state">What the members come from.</param>
    /// <param name="writeMembers">Writes the members of the one object.</param>
    public static Task WriteAsync<T>(HttpContext context, T state, Action<Utf8JsonWriter, T> writeMembers)
    {
        using var scratch = JsonScratch.Rent();
        return WriteAsync(context, Render(scratch, state, writeMembers));
    }

    /// <summary>The answer is sent when the request ends, together with its headers.</summary>
    public static Task WriteAsync(HttpContext context, ReadOnlySpan<byte> json)
    {
        var response = context.Response;
        response.ContentType = "application/json";
        response.ContentLength = json.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            response.BodyWriter.Write(json);
        }

        return Task.CompletedTask;
    }

    /// <summary>The object as bytes, for an answer that is given again and again.</summary>
    public static byte[] ToBytes<T>(T state, Action<Utf8JsonWriter, T> writeMembers)
    {
        using var scratch = JsonScratch.Rent();
        return Render(scratch, state, writeMembers).ToArray();
    }

    /// <summary>RFC 6749 section 5.1: for whatever contains tokens, credentials or the lack of them.</summary>
    public static void NoStore(HttpResponse response)
    {
        response.Headers.CacheControl = "no-store";
        response.Headers.Pragma = "no-cache";
    }

    private static ReadOnlySpan<byte> Render<T>(JsonScratch scratch, T state, Action<Utf8JsonWriter, T> writeMembers)
    {
        scratch.Writer.WriteStartObject();
        writeMembers(scratch.Writer, state);
        scratch.Writer.WriteEndObject();
        return scratch.Written();
    }
}
