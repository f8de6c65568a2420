using System.IO.MemoryMappedFiles;
using Benchmarks.Allocations;

/// <summary>
/// Runs in a .NET program before its own code does (the runtime's <c>DOTNET_STARTUP_HOOKS</c>, which asks for this name) and tells how many bytes the program
/// has allocated since it began, when it is asked (<see cref="AllocationsLayout"/>): to be exact the runtime stops all threads for a moment, and to be
/// inexact it is seconds behind.
/// </summary>
internal static class StartupHook
{
    private const int Milliseconds = 10;

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(AllocationsLayout.Variable) is { Length: > 0 } file)
        {
            new Thread(() => Tell(file)) { IsBackground = true, Name = "Allocations" }.Start();
        }
    }

    private static void Tell(string file)
    {
        using var mapped = MemoryMappedFile.CreateFromFile(file, FileMode.OpenOrCreate, mapName: null, AllocationsLayout.Size);
        using var view = mapped.CreateViewAccessor();
        while (true)
        {
            var question = view.ReadInt64(AllocationsLayout.Question);
            if (question != view.ReadInt64(AllocationsLayout.Answered))
            {
                view.Write(AllocationsLayout.Answer, GC.GetTotalAllocatedBytes(precise: true));
                view.Write(AllocationsLayout.Answered, question);
            }

            Thread.Sleep(Milliseconds);
        }
    }
}
