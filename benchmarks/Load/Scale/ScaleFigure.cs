using System.Diagnostics;
using System.Globalization;
using Benchmarks.Load.Results;

namespace Benchmarks.Load.Scale;

/// <summary>Is a call slower where there is much? The same calls in turns on a small cluster and on a large one.</summary>
internal sealed class ScaleFigure(Settings settings)
{
    private const double Most = 1.2;
    private static readonly TimeSpan IdleFor = TimeSpan.FromSeconds(3);

    /// <summary>What is compiled and collected after so many realms were loaded is not idling.</summary>
    private static readonly TimeSpan IdleAfter = TimeSpan.FromSeconds(5);

    private const double Mebibyte = 1024 * 1024;

    public async Task<Figure> MeasureAsync(Figure about)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        await using var small = new ScaledCase(settings, "small", settings.Quick ? Size.SmallQuick : Size.Small, http);
        await using var large = new ScaledCase(settings, "large", settings.Quick ? Size.LargeQuick : Size.Large.Over(settings.ScaleDivisor), http);
        var start = Stopwatch.GetTimestamp();
        var (smallTargets, largeTargets) = (await small.MakeAsync(), await large.MakeAsync());
        var filled = Stopwatch.GetElapsedTime(start);
        var figure = about with { Notes = [.. Facts(small, large, filled)] };
        foreach (var (ours, theirs) in largeTargets.Zip(smallTargets))
        {
            figure = await WithAsync(figure, ours, theirs);
        }

        figure = figure with { Notes = [.. figure.Notes, await OpenAllAsync(large)] };
        foreach (var (ours, theirs) in largeTargets.Zip(smallTargets).Where(pair => ScaledCase.AlsoWithAllInMemory.Contains(pair.First.Name)))
        {
            var all = ours with { Name = $"{ours.Name}, all realms in memory", Label = $"{ours.Label}, all its realms in memory" };
            figure = await WithAsync(figure, all, theirs);
        }

        return figure;
    }

    /// <summary>A figure with one call more.</summary>
    private async Task<Figure> WithAsync(Figure figure, Target large, Target small)
    {
        var comparison = new Comparisons.Comparison(figure.Name, figure.Title, [small, large], []);
        var rounds = await comparison.RunAsync(settings);
        var one = FigureOf.Rounds(comparison, rounds, figure);
        return figure with
        {
            Lines = [.. figure.Lines, .. one.Lines],
            Aims = [.. figure.Aims, P99($"p99 of {large.Name}, large to small", rounds[small], rounds[large])],
            Notes = [.. figure.Notes, .. one.Notes],
            Errors = figure.Errors + one.Errors,
        };
    }

    private static Reached P99(string text, Measurement[] small, Measurement[] large) => new()
    {
        Text = text,
        Aim = Most,
        Value = FigureOf.Median(large.Zip(small, (one, other) => one.P99 / Math.Max(other.P99, 0.001))),
        Unit = "×",
        IsCeiling = true,
        Remark = string.Create(
            CultureInfo.InvariantCulture,
            $"{FigureOf.Median(small.Select(run => run.P99)):0.00} ms and {FigureOf.Median(large.Select(run => run.P99)):0.00} ms"),
    };

    private static IEnumerable<string> Facts(ScaledCase small, ScaledCase large, TimeSpan filled)
    {
        yield return $"Small: {Of(small.Size)}. Large: {Of(large.Size)}. Filled in {filled.TotalSeconds:0} s, both.";
        var binding = (large.ResidentMebibytes - small.ResidentMebibytes) * Mebibyte / (large.Size.Bindings - small.Size.Bindings);
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"Memory of the token service with its realms in use loaded: small {small.ResidentMebibytes:0} MiB, large {large.ResidentMebibytes:0} MiB: {binding:0} bytes for each binding more, with a tenth of a user. A live grant takes none until it is used, and {large.BytesOfGrant:0} bytes in the database with its refresh token, indexes included.");
    }

    private static string Of(Size size) => string.Create(
        CultureInfo.InvariantCulture,
        $"{size.Realms:N0} realms, {size.InUse:N0} of them in use, with {size.Bindings:N0} bindings of {size.UsersOfEach * size.InUse:N0} users and {size.Grants:N0} live grants");

    /// <summary>Every realm that there is in memory, each with its stream.</summary>
    private async Task<string> OpenAllAsync(ScaledCase large)
    {
        var (before, start) = (large.Cluster.Token.ResidentMebibytes, Stopwatch.GetTimestamp());
        await large.OpenAllAsync();
        var took = Stopwatch.GetElapsedTime(start);
        await Task.Delay(settings.Quick ? TimeSpan.Zero : IdleAfter);
        var idle = await Task.WhenAll(large.Cluster.Token.IdleCpuAsync(IdleFor), large.Cluster.RealmAdmin.IdleCpuAsync(IdleFor));
        var each = (large.Cluster.Token.ResidentMebibytes - before) * 1024 / Math.Max(1, large.Size.Realms - large.Size.InUse);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"All {large.Size.Realms:N0} realms opened in {took.TotalSeconds:0} s: {each:0.0} KiB for each in the token service. Idle then, of one core: token {idle[0]:P0}, realm-admin {idle[1]:P0}.");
    }
}
