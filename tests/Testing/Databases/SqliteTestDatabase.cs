using System.Reflection;
using Microsoft.Data.Sqlite;
using Pltfrms.Iam.Common.Storage;

namespace Testing.Databases;

/// <summary>A SQLite file in a temporary folder.</summary>
public abstract class SqliteTestDatabase(Assembly? migrations) : TestDatabase(migrations)
{
    private readonly TemporaryFolder _folder = new();

    public string File => Path.Combine(Folder, "test.db");

    private string Folder => _folder.File("data");

    private string Away => _folder.File("away");

    public override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["Database:Engine"] = "sqlite",
        ["Database:File"] = File,
    };

    public override IDatabase Connect() => new SqliteDatabase(File);

    /// <remarks>Its folder is gone, so the file can neither be opened nor made anew.</remarks>
    public override void Stop()
    {
        SqliteConnection.ClearAllPools();
        Directory.Move(Folder, Away);
    }

    /// <remarks>One step: whoever tries in the meantime finds nothing or all of it.</remarks>
    public override void Start() => Directory.Move(Away, Folder);

    protected override Task CreateAsync()
    {
        Directory.CreateDirectory(Folder);
        return Task.CompletedTask;
    }

    protected override Task RemoveAsync()
    {
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
        return Task.CompletedTask;
    }
}
