namespace Pltfrms.Iam.RealmAdmin.Audit;

/// <summary>Which events of a realm are asked for. Empty texts let all through.</summary>
public sealed record EventFilter
{
    public required string RealmId { get; init; }

    public string ActorId { get; init; } = "";

    public string ResourceKind { get; init; } = "";

    /// <summary>Only together with <see cref="ResourceKind"/>.</summary>
    public string ResourceId { get; init; } = "";

    /// <summary>At or after.</summary>
    public DateTimeOffset StartTime { get; init; } = DateTimeOffset.MinValue;

    /// <summary>Before.</summary>
    public DateTimeOffset EndTime { get; init; } = DateTimeOffset.MaxValue;

    /// <summary>Tells queries apart, for page tokens; none of the texts has control characters.</summary>
    internal string Text => $"audit\n{RealmId}\n{ActorId}\n{ResourceKind}\n{ResourceId}\n{StartTime.UtcTicks}\n{EndTime.UtcTicks}";
}
