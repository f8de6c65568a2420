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
}
