namespace Benchmarks.Load.Comparisons;

/// <summary>Servers that do the same job, the floor's first where there is one, and what ours is to reach.</summary>
internal sealed record Comparison(string Name, string Title, IReadOnlyList<Target> Targets, IReadOnlyList<Aim> Aims)
{
    /// <summary>Peers that are not here, and why.</summary>
    public IReadOnlyList<MissingPeer> Missing { get; init; } = [];

    /// <summary>Each in turn, again and again: the machine drifts, and so all drift alike.</summary>
    public async Task<IReadOnlyDictionary<Target, Measurement[]>> RunAsync(Settings settings)
    {
        var settle = TimeSpan.FromMilliseconds(Math.Min(300, settings.WarmUp.TotalMilliseconds));
        foreach (var target in Targets)
        {
            await target.WarmUpAsync(settings.WarmUp);
        }

        var rounds = Targets.ToDictionary(target => target, _ => new List<Measurement>());
        for (var round = 0; round < settings.Rounds; round++)
        {
            foreach (var target in Targets)
            {
                rounds[target].Add(await target.MeasureAsync(settle, settings.Check, settings.Measure));
            }
        }

        return rounds.ToDictionary(entry => entry.Key, entry => entry.Value.ToArray());
    }
}

/// <summary>A peer that could not be had.</summary>
internal sealed record MissingPeer(string Name, string Why);

/// <summary>What is counted.</summary>
internal enum AimOf
{
    /// <summary>Requests a second.</summary>
    Requests,

    /// <summary>Requests for each second of the server's CPU.</summary>
    RequestsPerCpuSecond,
}

/// <summary>A ratio that ours is to reach.</summary>
/// <param name="Text">What it is called.</param>
/// <param name="Of">What is counted.</param>
/// <param name="Ours">The target's name.</param>
/// <param name="Theirs">The name of the target that it is held against.</param>
/// <param name="AtLeast">Times theirs.</param>
internal sealed record Aim(string Text, AimOf Of, string Ours, string Theirs, double AtLeast);
