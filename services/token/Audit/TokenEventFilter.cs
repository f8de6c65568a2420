using Pltfrms.Iam.Common;

namespace Pltfrms.Iam.Token.Audit;

/// <summary>Which events of a realm are meant: those that fit all that is set.</summary>
public sealed record TokenEventFilter
{
    public required string RealmId { get; init; }

    /// <summary>Null: any.</summary>
    public TokenEventKind? Kind { get; init; }

    /// <summary>Empty: any.</summary>
    public string ClientId { get; init; } = "";

    /// <summary>Empty: any.</summary>
    public string UserId { get; init; } = "";

    /// <summary>Only events of these families, or of <see cref="Tokens"/>; empty: of any.</summary>
    public ValueList<string> Families { get; init; } = [];

    /// <summary>The tokens whose issue is meant besides.</summary>
    public ValueList<string> Tokens { get; init; } = [];

    public DateTimeOffset StartTime { get; init; } = DateTimeOffset.MinValue;

    /// <summary>Not that moment itself.</summary>
    public DateTimeOffset EndTime { get; init; } = DateTimeOffset.MaxValue;

    /// <summary>Else the newest.</summary>
    public bool OldestFirst { get; init; }

    /// <summary>What is written down of batches with fitting events and of few others; null: nothing is, or a story asks for several things at once.</summary>
    internal TokenEventKey? Key =>
        Tokens.Count > 0 || Families.Count > 1 ? null
        : Families.Count == 1 ? new(TokenEventKey.Family, Families[0])
        : UserId.Length > 0 ? new(TokenEventKey.User, UserId)
        : Kind is { } kind and not TokenEventKind.Issued ? new(TokenEventKey.EventKind, TokenEventJson.NameOf(kind))
        : ClientId.Length > 0 ? new(TokenEventKey.Client, ClientId)
        : null;

    /// <summary>Whether an event comes after a position in this order.</summary>
    internal bool IsBehind(TokenEventRow row, long? position) => position is null || (OldestFirst ? row.Sequence > position : row.Sequence < position);

    internal bool Fits(TokenEventRow row) =>
        row.HappenedAt >= StartTime && row.HappenedAt < EndTime
        && (Kind is not { } kind || row.Kind == TokenEventJson.NameOf(kind))
        && (ClientId.Length == 0 || row.ClientId == ClientId)
        && (UserId.Length == 0 || row.UserId == UserId)
        && (Families.Count + Tokens.Count == 0 || Families.AsSpan().Contains(row.FamilyId) || Tokens.AsSpan().Contains(row.EventId));
}
