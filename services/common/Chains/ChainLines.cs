using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Common.Chains;

/// <summary>Links of a hash chain as lines of JSON, whose members are the columns: what an auditor can verify without a database.</summary>
/// <param name="noun">What a link is, with its article, for messages: <c>an event</c>.</param>
public sealed class ChainLines<T>(string noun)
    where T : class
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

    /// <summary>One line, without its end.</summary>
    public string Write(T link) => JsonSerializer.Serialize(link, Options);

    /// <exception cref="InvalidDataException">A line is no such link; says which.</exception>
    public async IAsyncEnumerable<T> ReadAsync(TextReader reader, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var number = 1; await reader.ReadLineAsync(cancellationToken) is { } line; number++)
        {
            yield return Read(line, number);
        }
    }

    private T Read(string line, int number)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(line, Options) ?? throw new JsonException("it is null");
        }
        catch (Exception exception) when (exception is JsonException or FormatException or NotSupportedException)
        {
            throw new InvalidDataException($"line {number} is not {noun}: {exception.Message}", exception);
        }
    }

    private sealed class InstantConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            InstantText.Read(reader.GetString() ?? "");

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(InstantText.Write(value));
    }
}
