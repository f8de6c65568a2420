namespace Benchmarks.Stage;

/// <summary>What a cluster is made of.</summary>
public sealed record ClusterPlan
{
    /// <summary>sqlite or postgres.</summary>
    public required string Engine { get; init; }

    public required string RealmAdminProgram { get; init; }

    public required string TokenProgram { get; init; }

    /// <summary>Settings of the token service beyond those that it needs.</summary>
    public IReadOnlyDictionary<string, string> TokenSettings { get; init; } = new Dictionary<string, string>();
}
