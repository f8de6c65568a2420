using System.Diagnostics;
using Benchmarks.Stage;

namespace Benchmarks.Load;

/// <summary>The CPU times of all who take part, at one moment.</summary>
internal readonly record struct Reading(long At, double Server, double Database, double Own, double Children, double Machine)
{
    public static Reading Of(Served server) => new(
        Stopwatch.GetTimestamp(),
        server.Cpu(),
        server.DatabaseCpu(),
        ProcessTimes.OwnCpu(),
        ProcessTimes.EndedChildrenCpu(),
        ProcessTimes.MachineCpu());
}
