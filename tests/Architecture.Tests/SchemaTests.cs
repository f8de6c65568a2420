namespace Architecture.Tests;

/// <summary>The schemas distribute by realm, and are the same on both engines. The migrator's own table, schema_version, is the one exception.</summary>
public sealed class SchemaTests
{
    private static readonly string[] Engines = ["postgres", "sqlite"];

    /// <summary>What is unique among all realms, and the reason.</summary>
    private static readonly Dictionary<string, string> AcrossRealms = new()
    {
        ["unique index of realm_host (host_name)"] = "a request's host says which realm is meant; docs/adr/0010",
    };

    public static TheoryData<string> Services => ["realm-admin", "consent", "token"];

    [Theory]
    [MemberData(nameof(Services))]
    public void Both_engines_have_the_same_migrations(string service)
    {
        var names = Engines.Select(engine => Migrations(service, engine).Select(file => file.Name).ToArray()).ToArray();

        Assert.NotEmpty(names[0]);
        Assert.Equal(names[0], names[1]);
        Assert.All(names[0], name => Assert.Matches(@"^V\d{3}__[a-z0-9_]+\.sql$", name));
        Assert.Equal(names[0].Length, names[0].Select(name => name[..4]).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Both_engines_have_the_same_tables_columns_and_keys(string service)
    {
        var postgres = new Schema(Migrations(service, "postgres"));
        var sqlite = new Schema(Migrations(service, "sqlite"));

        Assert.NotEmpty(postgres.Tables);
        Assert.Equal(
            postgres.Tables.Select(table => $"{table.Key}: {string.Join(", ", table.Value)}"),
            sqlite.Tables.Select(table => $"{table.Key}: {string.Join(", ", table.Value)}"));
        Assert.Equal(Sorted(postgres.Keys), Sorted(sqlite.Keys));
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void The_realm_leads_every_key_index_and_reference(string service) => Expect.None(
        "begin with realm_id",
        from engine in Engines
        from key in new Schema(Migrations(service, engine)).Keys
        where key.Columns[0] != "realm_id" && !AcrossRealms.ContainsKey(key.ToString())
        select $"{service} on {engine}: {key}");

    [Theory]
    [MemberData(nameof(Services))]
    public void Every_table_has_a_primary_key(string service) => Expect.None(
        "give it a primary key",
        from engine in Engines
        let schema = new Schema(Migrations(service, engine))
        from table in schema.Tables.Keys
        where !schema.Keys.Any(key => key.Table == table && key.Kind == "primary key")
        select $"{service} on {engine}: {table}");

    private static IEnumerable<SourceFile> Migrations(string service, string engine) =>
        Repository.Migrations.Where(file => file.Path.StartsWith($"services/{service}/Storage/Migrations/{engine}/", StringComparison.Ordinal));

    /// <remarks>Indexes that are not unique may differ: they are about speed.</remarks>
    private static string[] Sorted(IEnumerable<SchemaKey> keys) =>
        [.. keys.Where(key => key.Kind != "index").Select(key => key.ToString()).Order(StringComparer.Ordinal)];
}
