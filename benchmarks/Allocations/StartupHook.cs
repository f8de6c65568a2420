using System.IO.MemoryMappedFiles;

/// <summary>
/// Runs in a .NET program before its own code does (the runtime's <c>DOTNET_STARTUP_HOOKS</c>, which asks for this name) and tells how many bytes the program
/// has allocated since it began, when it is asked: to be exact the runtime stops all threads for a moment, and to be inexact it is seconds behind.
/// The file that <c>BENCHMARK_ALLOCATIONS_FILE</c> names has three numbers of eight bytes: the question, which is written by who asks, the question that
/// was answered last, and its answer.
/// </summary>
internal static class StartupHook
{
    private const int Answered = sizeof(long);
    private const int Answer = 2 * sizeof(long);
    private const int Size = 3 * sizeof(long);
    private const int Milliseconds = 10;

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable("BENCHMARK_ALLOCATIONS_FILE") is { Length: > 0 } file)
        {
            new Thread(() => Tell(file)) { IsBackground = true, Name = "Allocations" }.Start();
        }
    }

    private static void Tell(string file)
    {
        using var mapped = MemoryMappedFile.CreateFromFile(file, FileMode.OpenOrCreate, mapName: null, Size);
        using var view = mapped.CreateViewAccessor();
        while (true)
        {
            var question = view.ReadInt64(0);
            if (question != view.ReadInt64(Answered))
            {
                view.Write(Answer, GC.GetTotalAllocatedBytes(precise: true));
                view.Write(Answered, question);
            }

            Thread.Sleep(Milliseconds);
        }
    }
}
