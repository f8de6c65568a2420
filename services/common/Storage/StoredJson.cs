using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pltfrms.Iam.Common.Storage;

/// <summary>How records are written as JSON in columns: snake_case, enums by name, nothing that is unset.</summary>
public static class StoredJson
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };
}
