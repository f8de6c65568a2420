using System.Globalization;
using System.Text.Json;
using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Token.Audit;

/// <summary>Events of one realm that one replica wrote together, one after the other in its chain, as they are stored.</summary>
public sealed record TokenEventBatch
{
    /// <summary>How many it has at the most: whoever goes on at an event finds its batch no further back than this.</summary>
    public const int Most = 64;

    public required string RealmId { get; init; }

    /// <summary>The place of its first event among the realm's, in the order in which they became visible. The database gives it.</summary>
    public long FirstSequence { get; init; }

    public long LastSequence { get; init; }

    /// <summary>When the earliest of them happened.</summary>
    public required DateTimeOffset FirstAt { get; init; }

    public required DateTimeOffset LastAt { get; init; }

    /// <summary>When the last of them does.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    public required string ChainId { get; init; }

    /// <summary>The place of its first event in that chain.</summary>
    public required long ChainNumber { get; init; }

    /// <summary>A list in JSON, as <see cref="TokenEventBatchBuilder"/> writes it.</summary>
    public required string Events { get; init; }

    /// <summary>How many events; not stored.</summary>
    public int Count { get; init; }

    /// <summary>The hash of its last event; not stored by itself.</summary>
    public string Head { get; init; } = "";

    /// <summary>What it is to be found by; stored elsewhere.</summary>
    public IReadOnlyCollection<TokenEventKey> Keys { get; init; } = [];

    /// <exception cref="InvalidDataException">Somebody changed what was written.</exception>
    public IReadOnlyList<TokenEventRow> Rows()
    {
        try
        {
            using var events = JsonDocument.Parse(Events);
            var count = events.RootElement.GetArrayLength();
            return count == LastSequence - FirstSequence + 1
                ? [.. events.RootElement.EnumerateArray().Select(RowOf)]
                : throw Changed($"there are {count} events", null);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            throw Changed(exception.Message, exception);
        }
    }

    private TokenEventRow RowOf(JsonElement stored, int index) => new()
    {
        RealmId = RealmId,
        Sequence = FirstSequence + index,
        EventId = TextOf(stored, "event_id"),
        HappenedAt = InstantText.Read(TextOf(stored, "happened_at")),
        ExpiresAt = InstantText.Read(TextOf(stored, "expires_at")),
        Kind = TextOf(stored, "kind"),
        ClientId = TextOf(stored, "client_id"),
        UserId = TextOf(stored, "user_id"),
        TokenId = TextOf(stored, "token_id"),
        FamilyId = TextOf(stored, "family_id"),
        Details = stored.TryGetProperty("details", out var details) ? details.GetRawText() : "",
        ChainId = ChainId,
        ChainNumber = ChainNumber + index,
        Hash = TextOf(stored, "hash"),
    };

    /// <summary>What is empty is left out.</summary>
    private static string TextOf(JsonElement stored, string name) => stored.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";

    private InvalidDataException Changed(string how, Exception? inner) => new(
        string.Create(CultureInfo.InvariantCulture, $"the events {FirstSequence} to {LastSequence} are not as they were written: {how}"), inner);
}
