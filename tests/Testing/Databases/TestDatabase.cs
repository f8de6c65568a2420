using System.Reflection;
using Pltfrms.Iam.Common.Storage;

namespace Testing.Databases;

/// <summary>
/// A database of a test class's own, migrated to a service's schema. A test project derives one class per engine
/// (<c>public sealed class SqliteTokenDatabase() : SqliteTestDatabase(typeof(TokenHost).Assembly);</c>), and its test classes take it as a class fixture.
/// </summary>
public abstract class TestDatabase(Assembly? migrations) : IAsyncLifetime
{
    private readonly Dictionary<Type, IAsyncDisposable> _shared = [];
    private IDatabase? _database;

    /// <summary>The seam that stores run on.</summary>
    public IDatabase Database => _database ?? throw new InvalidOperationException("The fixture is not initialized.");

    /// <summary>The settings <c>Database:*</c> with which a host uses this database.</summary>
    public abstract IReadOnlyDictionary<string, string?> Settings { get; }

    /// <summary>A second, independent way in: what another process would have.</summary>
    public abstract IDatabase Connect();

    /// <summary>Takes the database away, as an outage does. Only where the test class shares it with no other.</summary>
    public abstract void Stop();

    /// <summary>Ends the outage.</summary>
    public abstract void Start();

    /// <summary>What is dear to start and good for all tests of the class: started for the first that asks, ended before the database is removed.</summary>
    public async Task<T> SharedAsync<T>(Func<Task<T>> start)
        where T : IAsyncDisposable
    {
        if (!_shared.TryGetValue(typeof(T), out var shared))
        {
            _shared[typeof(T)] = shared = await start();
        }

        return (T)shared;
    }

    public async Task InitializeAsync()
    {
        await CreateAsync();
        _database = Connect();
        if (migrations is not null)
        {
            await new Migrator(_database, migrations, TimeProvider.System).MigrateAsync(CancellationToken.None);
        }
    }

    public async Task DisposeAsync()
    {
        foreach (var shared in _shared.Values)
        {
            await shared.DisposeAsync();
        }

        if (_database is not null)
        {
            await _database.DisposeAsync();
        }

        await RemoveAsync();
    }

    protected abstract Task CreateAsync();

    protected abstract Task RemoveAsync();
}
