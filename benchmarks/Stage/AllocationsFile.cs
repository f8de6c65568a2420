using Benchmarks.Allocations;

namespace Benchmarks.Stage;

/// <summary>Asks a .NET process that runs <c>Allocations/StartupHook.cs</c> how much it has allocated.</summary>
internal sealed class AllocationsFile : IDisposable
{
    private const int Tries = 100;

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(5);

    private readonly string _file = Path.GetTempFileName();
    private long _questions;

    /// <summary>What the process must find in its environment.</summary>
    public IReadOnlyDictionary<string, string?> Environment => new Dictionary<string, string?>
    {
        ["DOTNET_STARTUP_HOOKS"] = typeof(AllocationsLayout).Assembly.Location,
        [AllocationsLayout.Variable] = _file,
    };

    /// <summary>Since the process began, in bytes; null: it is no .NET program, or is too busy to say.</summary>
    public long? Ask()
    {
        using var file = new FileStream(_file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        if (file.Length == 0)
        {
            return null;
        }

        Write(file, ++_questions);
        for (var i = 0; i < Tries; i++)
        {
            Thread.Sleep(Moment);
            if (Read(file, AllocationsLayout.Answered) == _questions)
            {
                return Read(file, AllocationsLayout.Answer);
            }
        }

        return null;
    }

    public void Dispose() => File.Delete(_file);

    private static void Write(FileStream file, long value)
    {
        file.Position = AllocationsLayout.Question;
        file.Write(BitConverter.GetBytes(value));
    }

    private static long Read(FileStream file, int at)
    {
        Span<byte> value = stackalloc byte[sizeof(long)];
        file.Position = at;
        file.ReadExactly(value);
        return BitConverter.ToInt64(value);
    }
}
