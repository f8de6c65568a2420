using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pltfrms.Iam.Common.Jose;

namespace Pltfrms.Iam.Common.AuthorizationDetails;

/// <summary>The value of <c>authorization_details</c>: a JSON array of objects (RFC 9396 section 2).</summary>
public static class AuthorizationDetailList
{
    /// <summary>In characters.</summary>
    public const int MaxLength = 16 * 1024;

    public const int MaxDetails = 20;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The objects; null where the text is not an array of at most <see cref="MaxDetails"/> objects with a type, unique names and little nesting.</summary>
    public static ValueList<AuthorizationDetail>? Parse(string json)
    {
        if (json.Length > MaxLength || StrictJson.ReadArray(Encoding.UTF8.GetBytes(json)) is not { } array)
        {
            return null;
        }

        List<AuthorizationDetail> details = [];
        foreach (var item in array.EnumerateArray())
        {
            if (details.Count == MaxDetails || AuthorizationDetail.Read(item) is not { } detail)
            {
                return null;
            }

            details.Add(detail);
        }

        return details.ToValueList();
    }

    /// <summary>As JSON; empty for none.</summary>
    public static string Write(IReadOnlyList<AuthorizationDetail> details)
    {
        if (details.Count == 0)
        {
            return "";
        }

        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json, Options))
        {
            Write(writer, details);
        }

        return Encoding.UTF8.GetString(json.WrittenSpan);
    }

    /// <summary>The array, where a value is expected.</summary>
    public static void Write(Utf8JsonWriter writer, IReadOnlyList<AuthorizationDetail> details)
    {
        writer.WriteStartArray();
        foreach (var detail in details)
        {
            detail.Json.WriteTo(writer);
        }

        writer.WriteEndArray();
    }
}
