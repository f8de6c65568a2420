using System.Reflection;
using Npgsql;
using Pltfrms.Iam.Common.Storage;

namespace Testing.Databases;

/// <summary>A new database on this test process's private PostgreSQL server. The test classes on it bear <see cref="NeedsPostgresAttribute"/>.</summary>
public abstract class PostgresTestDatabase(Assembly? migrations) : TestDatabase(migrations)
{
    private readonly string _name = $"test_{Guid.NewGuid():n}";
    private PostgresServer? _server;
    private TcpRelay? _relay;

    /// <summary>Npgsql's connection string; outages happen to whoever uses it.</summary>
    public string ConnectionString =>
        PostgresServer.ConnectionString(_name, _relay?.Port ?? throw new InvalidOperationException("The fixture is not initialized."));

    public override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["Database:Engine"] = "postgres",
        ["Database:ConnectionString"] = ConnectionString,
    };

    public override IDatabase Connect() => new PostgresDatabase(ConnectionString);

    /// <remarks>Cuts the way to this database only: the server goes on for the other test classes.</remarks>
    public override void Stop() => _relay!.Cut();

    public override void Start() => _relay!.Join();

    protected override async Task CreateAsync()
    {
        _server = await PostgresServer.SharedAsync();
        await AdministerAsync($"create database {_name}");
        _relay = new TcpRelay(_server.Port);
        _relay.Join();
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
