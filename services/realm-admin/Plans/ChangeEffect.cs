using Pltfrms.Iam.RealmAdmin.Access;

namespace Pltfrms.Iam.RealmAdmin.Plans;

/// <summary>What changes to a realm mean.</summary>
public sealed record ChangeEffect
{
    /// <summary>How many changes of each sort are listed; more are counted.</summary>
    public const int MostListed = 1_000;

    /// <summary>Ordered by principal, context and permission, each with its reason.</summary>
    public required IReadOnlyList<(AccessChange Change, string Reason)> AccessChanges { get; init; }

    public required long AccessChangeCount { get; init; }

    /// <summary>Ordered by grant id.</summary>
    public required IReadOnlyList<GrantChange> GrantChanges { get; init; }

    public required long GrantChangeCount { get; init; }

    /// <summary>Sentences, the gravest first.</summary>
    public required IReadOnlyList<string> Summary { get; init; }
}
