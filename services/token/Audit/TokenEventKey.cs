namespace Pltfrms.Iam.Token.Audit;

/// <summary>What batches of events are found by.</summary>
/// <param name="Kind">One of the constants.</param>
/// <param name="Value">Which.</param>
public sealed record TokenEventKey(string Kind, string Value)
{
    public const string Client = "client";
    public const string User = "user";
    public const string Family = "family";
    public const string EventKind = "kind";
    public const string Id = "id";

    // The first ten of a UUIDv7's digits are its time, a quarter of a second of it (RFC 9562 section 5.7).
    private const int IdLength = 10;

    /// <summary>
    /// The beginning of an event's id. Ids that are made in the same moment share it, so that a batch has one or two, and it follows from the id
    /// alone, whoever's clock made it.
    /// </summary>
    public static string OfId(string eventId) => BeginningOf(eventId).ToString();

    /// <summary>The same without making a text.</summary>
    public static ReadOnlySpan<char> BeginningOf(string eventId) => eventId.AsSpan(0, Math.Min(eventId.Length, IdLength));
}
