namespace Testing;

/// <summary>A folder of its own that only its owner may enter, removed with all that is in it.</summary>
public sealed class TemporaryFolder : IDisposable
{
    private const int Attempts = 40;

    public string Path { get; } = Directory.CreateTempSubdirectory("iam-test-").FullName;

    /// <summary>The path of a file in it.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <remarks>What was just stopped may be closing a file yet, SQLite's log for one, and then the folder is not empty when it should be.</remarks>
    public void Dispose()
    {
        for (var attempt = 1; Directory.Exists(Path); attempt++)
        {
            try
            {
                Directory.Delete(Path, recursive: true);
            }
            catch (IOException) when (attempt < Attempts)
            {
                Thread.Sleep(50);
            }
        }
    }
}
