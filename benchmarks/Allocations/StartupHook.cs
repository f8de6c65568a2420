using System.IO.MemoryMappedFiles;

/// <summary>
/// Runs in a .NET program before its own code does (the runtime's <c>DOTNET_STARTUP_HOOKS</c>, which asks for this name) and keeps telling how many bytes
/// the program has allocated since it began: eight bytes in the file that <c>BENCHMARK_ALLOCATIONS_FILE</c> names.
/// </summary>
internal static class StartupHook
{
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
        using var mapped = MemoryMappedFile.CreateFromFile(file, FileMode.OpenOrCreate, mapName: null, sizeof(long));
        using var view = mapped.CreateViewAccessor();
        while (true)
        {
            view.Write(0, GC.GetTotalAllocatedBytes());
            Thread.Sleep(Milliseconds);
        }
    }
}
