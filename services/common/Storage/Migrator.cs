using System.Globalization;
using System.Reflection;

namespace Pltfrms.Iam.Common.Storage;

/// <summary>
/// Brings a service's database to the schema that its code expects: forward-only files
/// <c>Storage/Migrations/{postgres,sqlite}/V001__name.sql</c>, embedded in the service's assembly, each applied once, all under one lock.
/// </summary>
/// <remarks>Stands in for DbUp or Evolve, which the package feed lacks.</remarks>
public sealed class Migrator(IDatabase database, Assembly assembly, TimeProvider clock)
{
    private const string CreateSql = """
        create table if not exists schema_version (
            version integer not null primary key,
            name text not null,
            applied_at text not null
        )
        """;

    private const string AppliedSql = "select version from schema_version order by version";

    private const string RecordSql = "insert into schema_version (version, name, applied_at) values (@Version, @Name, @appliedAt)";

    /// <summary>Applies what is missing, in one transaction.</summary>
    /// <exception cref="SchemaVersionException">The database is newer than this program.</exception>
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        var migrations = Migrations();
        await using var session = await database.BeginMigrationAsync(cancellationToken);
        await session.ExecuteAsync(CreateSql, null, cancellationToken);
        var applied = await session.QueryAsync<int>(AppliedSql, null, cancellationToken);
        if (applied.Count > 0 && applied[^1] > migrations[^1].Version)
        {
            throw new SchemaVersionException(applied[^1], migrations[^1].Version);
        }

        foreach (var migration in migrations.Where(m => !applied.Contains(m.Version)))
        {
            await session.ExecuteAsync(migration.Sql, null, cancellationToken);
            var appliedAt = clock.GetUtcNow().ToString("O", CultureInfo.InvariantCulture);
            await session.ExecuteAsync(RecordSql, new { migration.Version, migration.Name, appliedAt }, cancellationToken);
        }

        await session.CommitAsync(cancellationToken);
    }

    private List<Migration> Migrations()
    {
        var folder = $".Storage.Migrations.{(database.Engine == DatabaseEngine.Postgres ? "postgres" : "sqlite")}.";
        return
        [
            .. from resource in assembly.GetManifestResourceNames()
               let start = resource.IndexOf(folder, StringComparison.Ordinal)
               where start >= 0 && resource.EndsWith(".sql", StringComparison.Ordinal)
               let file = resource[(start + folder.Length)..^".sql".Length]
               let parts = file.Split("__", 2)
               let version = int.Parse(parts[0].AsSpan(1), CultureInfo.InvariantCulture)
               orderby version
               select new Migration(version, parts[1], Read(resource)),
        ];
    }

    private string Read(string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }

    private sealed record Migration(int Version, string Name, string Sql);
}
