using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pltfrms.Iam.RealmAdmin.Audit;

/// <summary>What an event says of another chain: the newest entry that it had.</summary>
public sealed record ChainAnchor([property: JsonPropertyName("sequence")] long Sequence, [property: JsonPropertyName("hash")] string Hash)
{
    /// <summary>The kind in the events; it is no resource of the realm, and no watcher of the realm is told.</summary>
    public const string ResourceKind = "chain";

    public string Write() => JsonSerializer.Serialize(this);

    /// <summary>Null where the text is none.</summary>
    public static ChainAnchor? Read(string? state)
    {
        try
        {
            return state is null ? null : JsonSerializer.Deserialize<ChainAnchor>(state);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
