using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Consent.Consents;

/// <summary>A position in a list with a mark of the query that it belongs to, as text that means nothing to callers.</summary>
internal static class ConsentPageToken
{
    private const int MarkLength = 8;

    // What lacks a part, or has null for one, is no token of ours.
    private static readonly JsonSerializerOptions Strict = new() { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    public static string Write<T>(T position, params ReadOnlySpan<string> query) =>
        Base64Url.EncodeToString([.. Mark(query), .. JsonSerializer.SerializeToUtf8Bytes(position)]);

    /// <exception cref="IamException">INVALID_PAGE_TOKEN.</exception>
    public static T Read<T>(string token, params ReadOnlySpan<string> query)
        where T : class
    {
        try
        {
            var bytes = Base64Url.DecodeFromChars(token);
            if (bytes.Length > MarkLength && bytes.AsSpan(0, MarkLength).SequenceEqual(Mark(query))
                && JsonSerializer.Deserialize<T>(bytes.AsSpan(MarkLength), Strict) is { } position)
            {
                return position;
            }
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            // Refused below.
        }

        throw new IamException(ErrorReason.InvalidPageToken, "The page token is not one of this query.")
        {
            Violations = [new("page_token", "is not one of this query")],
        };
    }

    private static byte[] Mark(ReadOnlySpan<string> query) =>
        SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(query.ToArray()))[..MarkLength];
}
