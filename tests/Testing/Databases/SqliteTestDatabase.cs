using System.Reflection;
using Microsoft.Data.Sqlite;
using Pltfrms.Iam.Common.Storage;

namespace Testing.Databases;

/// <summary>A SQLite file in a temporary folder.</summary>
public abstract class SqliteTestDatabase(Assembly? migrations) : TestDatabase(migrations)
{
    private static readonly string[] Suffixes = ["", "-wal", "-shm"];
    private readonly TemporaryFolder _folder = new();

    public string File => _folder.File("test.db");

    public override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["Database:Engine"] = "sqlite",
        ["Database:File"] = File,
    };

    public override IDatabase Connect() => new SqliteDatabase(File);

    /// <remarks>A folder stands where the file was: it can neither be opened nor made anew.</remarks>
    public override void Stop()
    {
        SqliteConnection.ClearAllPools();
        foreach (var file in Suffixes.Select(suffix => File + suffix).Where(System.IO.File.Exists))
        {
            System.IO.File.Move(file, file + ".away");
        }

        Directory.CreateDirectory(File);
    }

    public override void Start()
    {
        Directory.Delete(File);
        foreach (var file in Suffixes.Select(suffix => File + suffix).Where(file => System.IO.File.Exists(file + ".away")))
        {
            System.IO.File.Move(file + ".away", file);
        }
    }

    protected override Task CreateAsync() => Task.CompletedTask;

    protected override Task RemoveAsync()
    {
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
        return Task.CompletedTask;
    }
}
