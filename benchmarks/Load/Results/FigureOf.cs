using System.Globalization;
using Benchmarks.Load.Comparisons;
using Benchmarks.Stage;

namespace Benchmarks.Load.Results;

/// <summary>Medians over the rounds. Ratios are taken in each round, in which both had the same machine, and the median of them counts.</summary>
internal static class FigureOf
{
    public static Figure Rounds(Comparison comparison, IReadOnlyDictionary<Target, Measurement[]> rounds, Figure about) => about with
    {
        Lines = [.. comparison.Targets.Select(target => LineOf(target, rounds[target]))],
        Aims = [.. comparison.Aims.Select(aim => ReachedOf(aim, comparison, rounds))],
        Notes = [.. comparison.Missing.Select(peer => $"{peer.Name}: not available here: {peer.Why}"), .. FirstErrors(rounds)],
        Errors = rounds.Where(entry => entry.Key.Role != Role.Peer).Sum(entry => entry.Value.Sum(run => run.Errors)),
    };

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static Line LineOf(Target target, Measurement[] runs) => new()
    {
        Role = target.Role,
        Name = target.Label ?? target.Name,
        Generator = runs[0].Generator,
        PerSecond = Median(runs.Select(run => run.PerSecond)),
        P50 = Median(runs.Select(run => run.P50)),
        P99 = Median(runs.Select(run => run.P99)),
        ServerCpu = Median(runs.Select(run => run.ServerCpu)),
        DatabaseCpu = Median(runs.Select(run => run.DatabaseCpu)),
        GeneratorCpu = Median(runs.Select(run => run.GeneratorCpu)),
        AllocatedBytes = runs.All(run => run.AllocatedBytes is not null) ? Median(runs.Select(run => run.AllocatedBytes!.Value)) : null,
        Others = Median(runs.Select(run => run.Others)),
        Errors = runs.Sum(run => run.Errors),
        ResidentMebibytes = ProcessTimes.ResidentMebibytes(target.Server.ProcessId),
    };

    private static Reached ReachedOf(Aim aim, Comparison comparison, IReadOnlyDictionary<Target, Measurement[]> rounds)
    {
        var reached = new Reached { Text = aim.Text, Aim = aim.AtLeast, Value = null, Unit = "×" };
        if (comparison.Targets.FirstOrDefault(target => target.Name == aim.Theirs) is not { } theirs)
        {
            return reached with { Remark = $"not available here: {comparison.Missing.FirstOrDefault(peer => peer.Name == aim.Theirs)?.Why ?? aim.Theirs}" };
        }

        var ours = comparison.Targets.First(target => target.Name == aim.Ours);
        var pairs = rounds[ours].Zip(rounds[theirs]).ToArray();
        if (pairs.Any(pair => pair.First.PerSecond <= 0 || pair.Second.PerSecond <= 0))
        {
            return reached with { Remark = "no answers" };
        }

        if (aim.Of == AimOf.Requests)
        {
            var cpu = Median(pairs.Select(pair => pair.Second.ServerCpu / pair.First.ServerCpu));
            return reached with
            {
                Value = Median(pairs.Select(pair => pair.First.PerSecond / pair.Second.PerSecond)),
                Remark = string.Create(CultureInfo.InvariantCulture, $"by CPU time per request {cpu:0.00} ×"),
            };
        }

        var withDatabase = Median(pairs.Select(pair => pair.Second.ServerCpu / (pair.First.ServerCpu + pair.First.DatabaseCpu)));
        return reached with
        {
            Value = Median(pairs.Select(pair => pair.Second.ServerCpu / pair.First.ServerCpu)),
            Remark = pairs.All(pair => pair.First.DatabaseCpu < 0.5) ? "" : string.Create(CultureInfo.InvariantCulture, $"{withDatabase:0.0} × with our database's CPU"),
        };
    }

    private static IEnumerable<string> FirstErrors(IReadOnlyDictionary<Target, Measurement[]> rounds) =>
        from entry in rounds
        let first = entry.Value.FirstOrDefault(run => run.Errors > 0)
        where first is not null
        select $"{entry.Key.Name}: {entry.Value.Sum(run => run.Errors)} errors, the first: {first.FirstError!.ReplaceLineEndings(" ")}";
}
