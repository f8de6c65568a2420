using Pltfrms.Iam.Common;

namespace Pltfrms.Iam.RealmAdmin.Changes;

/// <summary>One row of the change log: one change of one resource. docs/audit.md lists the columns.</summary>
public sealed record ChangeLogRow
{
    public required string RealmId { get; init; }

    public required long Revision { get; init; }

    /// <summary>From 0, within the revision.</summary>
    public required int Ordinal { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }

    public required string Actor { get; init; }

    public required string ActorKind { get; init; }

    /// <summary>The client that the actor's token was issued to; null: no token.</summary>
    public string? ActorClientId { get; init; }

    /// <summary>The token's <c>jti</c>; null: no token.</summary>
    public string? TokenId { get; init; }

    /// <summary>The subjects of the token's <c>act</c> claim, the outermost first.</summary>
    public ValueList<string> ActChain { get; init; } = [];

    /// <summary>The trace id of the call; null where it had none.</summary>
    public string? CorrelationId { get; init; }

    public required string ResourceKind { get; init; }

    public required string ResourceId { get; init; }

    public required string ChangeKind { get; init; }

    /// <summary>JSON without secrets; null: it was made.</summary>
    public string? StateBefore { get; init; }

    /// <summary>JSON without secrets; null: it was removed.</summary>
    public string? StateAfter { get; init; }

    /// <summary>The link to the row before; null in rows that are older than the chain.</summary>
    public string? Hash { get; init; }

    internal EventPosition Position => new(Revision, Ordinal);
}

/// <summary>Where a row stands in its realm's log.</summary>
public readonly record struct EventPosition(long Revision, int Ordinal) : IComparable<EventPosition>
{
    public static EventPosition Start { get; } = new(0, -1);

    public static EventPosition End { get; } = new(long.MaxValue, int.MaxValue);

    public static bool operator <(EventPosition left, EventPosition right) => left.CompareTo(right) < 0;

    public static bool operator >(EventPosition left, EventPosition right) => left.CompareTo(right) > 0;

    public static bool operator <=(EventPosition left, EventPosition right) => left.CompareTo(right) <= 0;

    public static bool operator >=(EventPosition left, EventPosition right) => left.CompareTo(right) >= 0;

    /// <summary>Behind the last row of a revision.</summary>
    public static EventPosition After(long revision) => new(revision, int.MaxValue);

    public int CompareTo(EventPosition other) => (Revision, Ordinal).CompareTo((other.Revision, other.Ordinal));

    public override string ToString() => $"revision {Revision} ordinal {Ordinal}";
}
