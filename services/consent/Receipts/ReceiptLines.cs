using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pltfrms.Iam.Consent.Receipts;

/// <summary>Receipts as lines of JSON, whose members are the columns: what an auditor can verify without a database.</summary>
internal static class ReceiptLines
{
    private const string InstantFormat = "yyyy-MM-ddTHH:mm:ss.ffffffZ";

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new InstantConverter() },
    };

    public static string Write(Receipt receipt) => JsonSerializer.Serialize(receipt, Options);

    /// <exception cref="InvalidDataException">The line is no receipt; says which.</exception>
    public static Receipt Read(string line, int number)
    {
        try
        {
            return JsonSerializer.Deserialize<Receipt>(line, Options) ?? throw new JsonException("it is null");
        }
        catch (Exception exception) when (exception is JsonException or FormatException or NotSupportedException)
        {
            throw new InvalidDataException($"line {number} is not a receipt: {exception.Message}", exception);
        }
    }

    private sealed class InstantConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            DateTimeOffset.ParseExact(reader.GetString() ?? "", InstantFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.UtcDateTime.ToString(InstantFormat, CultureInfo.InvariantCulture));
    }
}
