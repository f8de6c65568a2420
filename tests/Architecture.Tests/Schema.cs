using System.Text.RegularExpressions;

namespace Architecture.Tests;

/// <summary>A list of columns that is a key of some kind.</summary>
internal sealed record SchemaKey(string Kind, string Table, IReadOnlyList<string> Columns)
{
    public override string ToString() => $"{Kind} of {Table} ({string.Join(", ", Columns)})";
}

/// <summary>What a service's migrations make on one engine: tables with their columns, and keys.</summary>
/// <remarks>Understands the SQL that our migrations are written in, and throws at what it does not understand.</remarks>
internal sealed partial class Schema
{
    private readonly SortedDictionary<string, SortedSet<string>> _tables = new(StringComparer.Ordinal);
    private readonly List<SchemaKey> _keys = [];

    public Schema(IEnumerable<SourceFile> migrations)
    {
        foreach (var statement in migrations.SelectMany(file => WithoutBlocks(Comment().Replace(file.Text, "")).Split(';')).Select(statement => statement.Trim()))
        {
            Read(Space().Replace(statement, " "));
        }
    }

    public IReadOnlyDictionary<string, SortedSet<string>> Tables => _tables;

    public IReadOnlyList<SchemaKey> Keys => _keys;

    private void Read(string statement)
    {
        if (CreateTable().Match(statement) is { Success: true } table)
        {
            ReadTable(table.Groups["name"].Value, table.Groups["body"].Value);
        }
        else if (CreateIndex().Match(statement) is { Success: true } index)
        {
            var kind = index.Groups["unique"].Success ? "unique index" : "index";
            _keys.Add(new SchemaKey(kind, index.Groups["table"].Value, Columns(index.Groups["columns"].Value)));
        }
        else if (AddColumn().Match(statement) is { Success: true } column)
        {
            ReadColumn(column.Groups["table"].Value, column.Groups["column"].Value);
        }
        else if (DropTable().Match(statement) is { Success: true } dropped)
        {
            _tables.Remove(dropped.Groups["name"].Value);
            _keys.RemoveAll(key => key.Table == dropped.Groups["name"].Value);
        }
        else if (statement.Length > 0 && !HarmlessStatement().IsMatch(statement))
        {
            throw new NotSupportedException($"Teach Schema to read: {statement}");
        }
    }

    /// <summary>A block that makes, removes or renames nothing is about speed.</summary>
    private static string WithoutBlocks(string sql) => Block().Replace(
        sql, block => Making().IsMatch(block.Value) ? throw new NotSupportedException($"Make tables, columns and keys outside of blocks: {block.Value}") : "");

    private void ReadTable(string name, string body)
    {
        _tables.Add(name, new SortedSet<string>(StringComparer.Ordinal));
        foreach (var item in ListItem().Split(body).Select(item => item.Trim()))
        {
            if (TableKey().Match(item) is { Success: true } key)
            {
                _keys.Add(new SchemaKey(key.Groups["kind"].Value, name, Columns(key.Groups["columns"].Value)));
                if (References().Match(item) is { Success: true } target)
                {
                    _keys.Add(new SchemaKey($"foreign key target in {target.Groups["table"].Value}", name, Columns(target.Groups["columns"].Value)));
                }
            }
            else if (!item.StartsWith("check ", StringComparison.Ordinal) && !item.StartsWith("constraint ", StringComparison.Ordinal))
            {
                ReadColumn(name, item);
            }
            else if (KeyInConstraint().IsMatch(item))
            {
                throw new NotSupportedException($"Write the key without a constraint name: {item}");
            }
        }
    }

    private void ReadColumn(string table, string declaration)
    {
        var column = declaration.Split(' ')[0];
        _tables[table].Add(column);
        foreach (var kind in new[] { "primary key", "unique", "references" })
        {
            if (Regex.IsMatch(declaration, $@"\b{kind}\b"))
            {
                _keys.Add(new SchemaKey(kind == "references" ? "foreign key" : kind, table, [column]));
            }
        }
    }

    private static string[] Columns(string list) => [.. list.Split(',').Select(column => column.Trim().Split(' ')[0])];

    [GeneratedRegex(@"--.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\bdo \$\$.*?\$\$", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"\b(create|drop|add|rename)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Making();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    [GeneratedRegex(@"^create (unlogged )?table (if not exists )?(?<name>\w+) \((?<body>.*)\)( partition by .*| without rowid| strict)?$")]
    private static partial Regex CreateTable();

    [GeneratedRegex(@"^create (?<unique>unique )?index (if not exists )?\w+ on (?<table>\w+) (using \w+ )?\((?<columns>(?:[^()]|\([^()]*\))*)\)( where .*)?$")]
    private static partial Regex CreateIndex();

    [GeneratedRegex(@"^drop table (?<name>\w+)$")]
    private static partial Regex DropTable();

    [GeneratedRegex(@"^alter table (?<table>\w+) add column (?<column>.*)$")]
    private static partial Regex AddColumn();

    [GeneratedRegex(@"^(create table \w+ partition of|create temporary table|insert into|alter table \w+ alter column \w+ set storage|update|drop index|alter table \w+ enable row level security|create policy) ?")]
    private static partial Regex HarmlessStatement();

    [GeneratedRegex(@",(?![^()]*\))")]
    private static partial Regex ListItem();

    [GeneratedRegex(@"^(?<kind>primary key|unique|foreign key) ?\((?<columns>[^)]*)\)")]
    private static partial Regex TableKey();

    [GeneratedRegex(@"references (?<table>\w+) ?\((?<columns>[^)]*)\)")]
    private static partial Regex References();

    [GeneratedRegex(@"\b(primary key|unique|foreign key)\b")]
    private static partial Regex KeyInConstraint();
}
