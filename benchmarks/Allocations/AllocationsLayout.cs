namespace Benchmarks.Allocations;

/// <summary>
/// The file in which a process is asked how much it has allocated, three numbers of eight bytes: the question, which who asks writes, the question that
/// was answered last, and its answer.
/// </summary>
public static class AllocationsLayout
{
    /// <summary>Of the environment; it names the file.</summary>
    public const string Variable = "BENCHMARK_ALLOCATIONS_FILE";

    public const int Question = 0;
    public const int Answered = sizeof(long);
    public const int Answer = 2 * sizeof(long);
    public const int Size = 3 * sizeof(long);
}
