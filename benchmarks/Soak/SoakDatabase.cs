using Npgsql;
using Testing;
using Testing.Databases;

namespace Benchmarks.Soak;

/// <summary>A new database: a SQLite file, or one on a private PostgreSQL server whose commits reach the disk.</summary>
internal sealed class SoakDatabase : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private PostgresServer? _server;

    public required IReadOnlyDictionary<string, string?> Settings { get; init; }

    public static async Task<SoakDatabase> StartAsync(string engine)
    {
        if (engine == "sqlite")
        {
            var folder = new TemporaryFolder();
            return new SoakDatabase(folder) { Settings = new Dictionary<string, string?> { ["Database:Engine"] = "sqlite", ["Database:File"] = folder.File("soak.db") } };
        }

        var server = await PostgresServer.StartAsync("-c shared_buffers=256MB");
        await using (var connection = new NpgsqlConnection(server.ConnectionString("postgres")))
        {
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand("create database soak", connection);
            await command.ExecuteNonQueryAsync();
        }

        return new SoakDatabase(new TemporaryFolder())
        {
            _server = server,
            Settings = new Dictionary<string, string?> { ["Database:Engine"] = "postgres", ["Database:ConnectionString"] = server.ConnectionString("soak") },
        };
    }

    private SoakDatabase(TemporaryFolder folder) => _folder = folder;

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            NpgsqlConnection.ClearAllPools();
            await _server.DisposeAsync();
        }

        _folder.Dispose();
    }
}
