using System.Reflection;
using Npgsql;
using Pltfrms.Iam.Common.Storage;

namespace Testing.Databases;

/// <summary>A new database on this test process's private PostgreSQL server. The test classes on it bear <see cref="NeedsPostgresAttribute"/>.</summary>
/// <param name="migrations">The assembly of the service whose tables it has; null: none.</param>
/// <param name="isStoppable">Whether a test stops it. All that is said to it goes through a relay then, which is a fifth more work.</param>
public abstract class PostgresTestDatabase(Assembly? migrations, bool isStoppable = false) : TestDatabase(migrations)
{
    private readonly string _name = $"test_{Guid.NewGuid():n}";
    private PostgresServer? _server;
    private TcpRelay? _relay;

    /// <summary>Npgsql's connection string; outages happen to whoever uses it.</summary>
    public string ConnectionString =>
        PostgresServer.ConnectionString(_name, _relay?.Port ?? _server?.Port ?? throw new InvalidOperationException("The fixture is not initialized."));

    public override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["Database:Engine"] = "postgres",
        ["Database:ConnectionString"] = ConnectionString,
    };

    public override IDatabase Connect() => new PostgresDatabase(ConnectionString);

    /// <remarks>Cuts the way to this database only: the server goes on for the other test classes.</remarks>
    public override void Stop() => Relay.Cut();

    public override void Start() => Relay.Join();

    private TcpRelay Relay => _relay ?? throw new InvalidOperationException("The fixture does not say that it is stoppable.");

    protected override async Task CreateAsync()
    {
        _server = await PostgresServer.SharedAsync();
        await AdministerAsync($"create database {_name}");
        if (isStoppable)
        {
            _relay = new TcpRelay(_server.Port);
            _relay.Join();
        }
    }

    protected override async Task RemoveAsync()
    {
        _relay?.Dispose();
        if (_server is not null)
        {
            await AdministerAsync($"drop database if exists {_name} with (force)");
        }
    }

    private async Task AdministerAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_server!.ConnectionString("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
