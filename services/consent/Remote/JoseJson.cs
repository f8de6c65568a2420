using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Pltfrms.Iam.Consent.Remote;

/// <summary>Writes headers, claims and keys.</summary>
internal static class JoseJson
{
    /// <summary>One JSON object.</summary>
    public static string Write(Action<Utf8JsonWriter> writeMembers)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writeMembers(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static void WriteCurve(Utf8JsonWriter writer, ECPoint point)
    {
        writer.WriteString("kty", "EC");
        writer.WriteString("crv", "P-256");
        writer.WriteString("x", Base64Url.EncodeToString(point.X));
        writer.WriteString("y", Base64Url.EncodeToString(point.Y));
    }
}
