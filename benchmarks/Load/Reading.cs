using System.Diagnostics;
using Benchmarks.Stage;

namespace Benchmarks.Load;

/// <summary>The CPU times of all who take part, and what the server has allocated, at one moment.</summary>
internal readonly record struct Reading(long At, double Server, double Database, double Own, double Children, double Machine, long? Allocated)
{
    public static Reading Of(Served server)
    {
        // It takes its time, so it comes before the clock is read.
        var allocated = server.AllocatedBytes();
        return new(
            Stopwatch.GetTimestamp(),
            server.Cpu(),
            server.DatabaseCpu(),
            ProcessTimes.OwnCpu(),
            ProcessTimes.EndedChildrenCpu(),
            ProcessTimes.MachineCpu(),
            allocated);
    }
}
