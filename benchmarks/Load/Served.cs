using Benchmarks.Stage;

namespace Benchmarks.Load;

/// <summary>Who answers: a server's process, and the database's where it has one.</summary>
internal sealed record Served(int ProcessId, Func<double> DatabaseCpu, Func<long?> AllocatedBytes)
{
    public static Served Alone(ServiceProcess server) => new(server.Id, static () => 0, server.AllocatedBytes);

    public double Cpu() => ProcessTimes.Cpu(ProcessId);
}
