using System.Globalization;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Token.Tokens.Revocation;
using Testing;

namespace Benchmarks.Soak;

/// <summary>Days of traffic, a quarter of an hour at a time; what is past is removed every hour, as the service does.</summary>
internal sealed class Simulation(TokenParts parts, FakeClock clock, Settings settings, TextWriter output)
{
    private const int StepsPerHour = 4;
    private const double Flat = 1.25;

    private readonly Traffic _traffic = new(parts, clock);
    private readonly List<Day> _days = [];
    private double _owed;

    /// <summary>Whether the last third of the days stored no more than the third before it.</summary>
    public async Task<bool> RunAsync()
    {
        await output.WriteLineAsync("| day | rows | MiB | login ms p50 / p99 | refresh ms p50 / p99 | introspection ms p50 / p99 | removal of what is past, ms p50 / p99 |");
        await output.WriteLineAsync("|---:|---:|---:|---:|---:|---:|---:|");
        await RemoveAsync(new Latencies());
        for (var day = 1; day <= settings.Days; day++)
        {
            var removals = await PassAsync();
            var sizes = await TableSizes.ReadAsync(parts.Get<IDatabase>());
            _days.Add(new Day(sizes, _traffic.Logins.Median, _traffic.Refreshes.Median));
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"| {day} | {sizes.AllRows:N0} | {sizes.Bytes / 1048576.0:0.0} | {_traffic.Logins} | {_traffic.Refreshes} | {_traffic.Introspections} | {removals} |"));
        }

        await WriteTablesAsync();
        return await CompareAsync();
    }

    /// <summary>One day; what removing took.</summary>
    private async Task<Latencies> PassAsync()
    {
        var removals = new Latencies();
        _traffic.BeginDay();
        for (var step = 0; step < 24 * StepsPerHour; step++)
        {
            clock.Advance(TimeSpan.FromHours(1) / StepsPerHour);
            if (step % StepsPerHour == 0)
            {
                await RemoveAsync(removals);
            }

            await _traffic.FollowRevocationsAsync();
            await _traffic.RefreshDueAsync();
            for (_owed += settings.LoginsPerSecond * 3600.0 / StepsPerHour / settings.Factor; _owed >= 1; _owed--)
            {
                await _traffic.LogInAsync();
            }
        }

        return removals;
    }

    private Task RemoveAsync(Latencies removals) => removals.MeasureAsync(async () =>
    {
        await parts.Get<ExpiredRows>().RemoveAsync(CancellationToken.None);
        parts.Get<Revocations>().Sweep();
        return true;
    });

    private async Task WriteTablesAsync()
    {
        await output.WriteLineAsync($"\n| table | {string.Join(" | ", Marks().Select(day => $"rows after day {day}"))} |\n|---|{string.Concat(Marks().Select(_ => "---:|"))}");
        foreach (var table in _days[^1].Sizes.Rows.Keys)
        {
            await output.WriteLineAsync($"| {table} | {string.Join(" | ", Marks().Select(day => _days[day - 1].Sizes.Rows[table].ToString("N0", CultureInfo.InvariantCulture)))} |");
        }
    }

    private async Task<bool> CompareAsync()
    {
        var third = _days.Count / 3;
        var (before, last) = (_days[^(2 * third)..^third], _days[^third..]);
        var (rows, bytes) = (Ratio(day => day.Sizes.AllRows), Ratio(day => day.Sizes.Bytes));
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"\nThe last {third} days to the {third} before, means: rows {rows:0.00}, bytes {bytes:0.00}, login p50 {Ratio(day => day.LoginMedian):0.00}, refresh p50 {Ratio(day => day.RefreshMedian):0.00}. Flat is up to {Flat}."));
        return rows <= Flat && bytes <= Flat;

        double Ratio(Func<Day, double> value) => last.Average(value) / before.Average(value);
    }

    private IEnumerable<int> Marks() => Enumerable.Range(1, 3).Select(i => Math.Max(1, _days.Count * i / 3));

    private sealed record Day(TableSizes Sizes, double LoginMedian, double RefreshMedian);
}
