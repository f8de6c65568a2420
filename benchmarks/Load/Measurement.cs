using System.Diagnostics;

namespace Benchmarks.Load;

/// <summary>What one run of load showed.</summary>
internal sealed record Measurement
{
    /// <summary>How far the length of a tool's answers may be from that of those that were looked at, besides those that are on their way when it ends.</summary>
    private const double LengthTolerance = 0.005;

    /// <summary>Who made the load.</summary>
    public required string Generator { get; init; }

    public required double PerSecond { get; init; }

    public required double P50 { get; init; }

    public required double P99 { get; init; }

    /// <summary>The server's CPU time per request, in microseconds.</summary>
    public required double ServerCpu { get; init; }

    /// <summary>Of the database's processes, likewise.</summary>
    public required double DatabaseCpu { get; init; }

    /// <summary>The generator's, likewise.</summary>
    public required double GeneratorCpu { get; init; }

    /// <summary>Bytes that the server allocates for a request; null: it is no .NET program.</summary>
    public double? AllocatedBytes { get; init; }

    /// <summary>The share of the machine that none of these used.</summary>
    public required double Others { get; init; }

    public required long Errors { get; init; }

    public string? FirstError { get; init; }

    /// <summary>The length of an answer.</summary>
    public required double AnswerBytes { get; init; }

    /// <summary>Our own generator puts load on a server: a while to settle, then a while to measure.</summary>
    public static async Task<Measurement> OwnAsync(Target target, TimeSpan settle, TimeSpan measure)
    {
        var all = Enumerable.Range(0, target.Connections).Select(_ => target.Connect()).ToArray();
        try
        {
            foreach (var connection in all)
            {
                connection.Start(target.Endpoint);
            }
            await Task.Delay(settle);
            Array.ForEach(all, connection => connection.Count());
            var (before, answered, bytes) = (Reading.Of(target.Server), Completed(all), AnswerBytesOf(all));
            await Task.Delay(measure);
            await FirstAnswerAsync(all, answered, measure);
            var after = Reading.Of(target.Server);
            (answered, bytes) = (Completed(all) - answered, AnswerBytesOf(all) - bytes);
            Array.ForEach(all, connection => connection.Stop());
            var none = answered == 0 && measure > TimeSpan.Zero;
            var latencies = new LatencyHistogram();
            Array.ForEach(all, connection => latencies.Merge(connection.Latencies));
            return After(before, after, after.Own - before.Own, answered) with
            {
                PerSecond = answered / Stopwatch.GetElapsedTime(before.At, after.At).TotalSeconds,
                P50 = latencies.MillisecondsAt(0.50),
                P99 = latencies.MillisecondsAt(0.99),
                AnswerBytes = bytes / (double)Math.Max(1, answered),
                Errors = all.Sum(connection => connection.Errors) + (none ? 1 : 0),
                FirstError = all.Select(connection => connection.FirstError).FirstOrDefault(error => error is not null) ?? (none ? "no request was answered" : null),
            };
        }
        finally
        {
            Array.ForEach(all, connection => connection.Dispose());
        }
    }

    /// <summary>A tool does.</summary>
    /// <param name="tool">Which.</param>
    /// <param name="server">On whom.</param>
    /// <param name="seen">What was measured while every answer was looked at.</param>
    /// <param name="measure">For how long.</param>
    public static async Task<Measurement> ByToolAsync(LoadTool tool, Served server, Measurement seen, TimeSpan measure)
    {
        var before = Reading.Of(server);
        var run = await tool.RunAsync(measure);
        var after = Reading.Of(server);
        var requests = (double)Math.Max(1, run.Requests);
        var length = run.AnswerBytes / requests;
        var isWhole = Math.Abs(length - seen.AnswerBytes) <= ((LengthTolerance + (tool.InFlight / requests)) * seen.AnswerBytes) + 0.01;
        var fault = run.Requests == 0 ? "no request was answered"
            : run.Errors > 0 ? $"{tool.Program} counted {run.Errors}"
            : isWhole ? null
            : $"answers have {length:0.0} bytes under {tool.Program}, {seen.AnswerBytes:0.0} where each is looked at";
        return After(before, after, after.Children - before.Children, run.Requests) with
        {
            Generator = ProgramVersion.Of(tool.Program),
            PerSecond = run.PerSecond,
            P50 = run.P50 ?? seen.P50,
            P99 = run.P99 ?? seen.P99,
            AnswerBytes = length,
            Errors = fault is null ? 0 : Math.Max(1, run.Errors),
            FirstError = fault,
        };
    }

    /// <summary>A short run on a machine that is busy with something else goes on until there is something to tell.</summary>
    private static async Task FirstAnswerAsync(LoadConnection[] connections, long before, TimeSpan measure)
    {
        for (var waited = 0; measure > TimeSpan.Zero && waited < 200 && Completed(connections) == before; waited++)
        {
            await Task.Delay(50);
        }
    }

    private static long Completed(LoadConnection[] connections) => connections.Sum(connection => connection.Completed);

    private static long AnswerBytesOf(LoadConnection[] connections) => connections.Sum(connection => connection.AnswerBytes);

    private static Measurement After(Reading before, Reading after, double generator, long answered)
    {
        var requests = Math.Max(1, answered);
        var (server, database) = (after.Server - before.Server, after.Database - before.Database);
        var machine = Stopwatch.GetElapsedTime(before.At, after.At).TotalMicroseconds * Environment.ProcessorCount;
        return new()
        {
            Generator = "own",
            PerSecond = 0,
            P50 = 0,
            P99 = 0,
            ServerCpu = server / requests,
            DatabaseCpu = database / requests,
            GeneratorCpu = generator / requests,
            AllocatedBytes = (after.Allocated - before.Allocated) / (double)requests,
            Others = Math.Max(0, after.Machine - before.Machine - server - database - generator) / machine,
            Errors = 0,
            AnswerBytes = 0,
        };
    }
}
