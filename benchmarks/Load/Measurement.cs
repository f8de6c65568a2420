using System.Diagnostics;
using System.Net;

namespace Benchmarks.Load;

/// <summary>What one run of load showed.</summary>
internal sealed record Measurement
{
    public required double PerSecond { get; init; }

    public required double P50 { get; init; }

    public required double P99 { get; init; }

    /// <summary>The server's CPU time per request, in microseconds.</summary>
    public required double ServerCpu { get; init; }

    /// <summary>The generator's, likewise.</summary>
    public required double GeneratorCpu { get; init; }

    /// <summary>The share of the machine that neither of the two used.</summary>
    public required double Others { get; init; }

    public required long Errors { get; init; }

    public string? FirstError { get; init; }

    /// <summary>Puts load on a server: a while to settle, then a while to measure.</summary>
    public static async Task<Measurement> TakeAsync(
        Func<LoadConnection> connect, int connections, IPEndPoint endpoint, ServerProcess server, TimeSpan settle, TimeSpan measure)
    {
        var all = Enumerable.Range(0, connections).Select(_ => connect()).ToArray();
        try
        {
            foreach (var connection in all)
            {
                connection.Start(endpoint);
            }
            await Task.Delay(settle);
            Array.ForEach(all, connection => connection.Count());
            var before = Reading.Of(all, server);
            await Task.Delay(measure);
            var after = Reading.Of(all, server);
            Array.ForEach(all, connection => connection.Stop());
            return Between(before, after, all);
        }
        finally
        {
            Array.ForEach(all, connection => connection.Dispose());
        }
    }

    private static Measurement Between(Reading before, Reading after, LoadConnection[] connections)
    {
        var latencies = new LatencyHistogram();
        Array.ForEach(connections, connection => latencies.Merge(connection.Latencies));
        var requests = Math.Max(1, after.Completed - before.Completed);
        var elapsed = Stopwatch.GetElapsedTime(before.At, after.At);
        var server = after.Server - before.Server;
        var own = after.Own - before.Own;
        var machine = elapsed.TotalMicroseconds * Environment.ProcessorCount;
        return new()
        {
            PerSecond = (after.Completed - before.Completed) / elapsed.TotalSeconds,
            P50 = latencies.MillisecondsAt(0.50),
            P99 = latencies.MillisecondsAt(0.99),
            ServerCpu = server / requests,
            GeneratorCpu = own / requests,
            Others = Math.Max(0, after.Machine - before.Machine - server - own) / machine,
            Errors = connections.Sum(connection => connection.Errors) + (after.Completed == before.Completed ? 1 : 0),
            FirstError = connections.Select(connection => connection.FirstError).FirstOrDefault(error => error is not null)
                ?? (after.Completed == before.Completed ? "no request was answered" : null),
        };
    }

    private readonly record struct Reading(long At, long Completed, double Server, double Own, double Machine)
    {
        public static Reading Of(LoadConnection[] connections, ServerProcess server) => new(
            Stopwatch.GetTimestamp(),
            connections.Sum(connection => connection.Completed),
            server.CpuMicroseconds(),
            ServerProcess.OwnCpuMicroseconds(),
            ServerProcess.MachineCpuMicroseconds());
    }
}
