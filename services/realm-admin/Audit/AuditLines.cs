using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Pltfrms.Iam.RealmAdmin.Changes;

namespace Pltfrms.Iam.RealmAdmin.Audit;

/// <summary>Events as lines of JSON, whose members are the columns: what an auditor can verify without a database.</summary>
internal static class AuditLines
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new InstantConverter() },
    };

    public static string Write(ChangeLogRow row) => JsonSerializer.Serialize(row, Options);

    /// <exception cref="InvalidDataException">A line is no event; says which.</exception>
    public static async IAsyncEnumerable<ChangeLogRow> ReadAsync(
        TextReader reader, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var number = 1; await reader.ReadLineAsync(cancellationToken) is { } line; number++)
        {
            yield return Read(line, number);
        }
    }

    private static ChangeLogRow Read(string line, int number)
    {
        try
        {
            return JsonSerializer.Deserialize<ChangeLogRow>(line, Options) ?? throw new JsonException("it is null");
        }
        catch (Exception exception) when (exception is JsonException or FormatException or NotSupportedException)
        {
            throw new InvalidDataException($"line {number} is not an event: {exception.Message}", exception);
        }
    }

    private sealed class InstantConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            DateTimeOffset.ParseExact(
                reader.GetString() ?? "", AuditChain.InstantFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.UtcDateTime.ToString(AuditChain.InstantFormat, CultureInfo.InvariantCulture));
    }
}
