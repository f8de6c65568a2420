using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Pltfrms.Iam.Common.Storage;

/// <summary>A statement as PostgreSQL takes it, with numbers for its parameters' names, so that Npgsql does not look for them each time that it runs.</summary>
internal sealed partial class NumberedSql
{
    private static readonly ConcurrentDictionary<string, NumberedSql> Known = new(StringComparer.Ordinal);

    private readonly List<string> _names = [];

    private NumberedSql(string sql) => Text = ParameterName().Replace(sql, match => NumberOf(match.Groups["name"].Value));

    public string Text { get; }

    /// <summary>The parameters' names in the order of their numbers, the first has 1; whatever its case, a name is there once.</summary>
    public IReadOnlyList<string> Names => _names;

    public static NumberedSql Of(string sql) => Known.GetOrAdd(sql, static sql => new NumberedSql(sql));

    private string NumberOf(string name)
    {
        var index = _names.FindIndex(known => known.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (index < 0)
        {
            _names.Add(name);
            index = _names.Count - 1;
        }

        return string.Create(CultureInfo.InvariantCulture, $"${index + 1}");
    }

    [GeneratedRegex("@(?<name>[A-Za-z_][A-Za-z0-9_]*)")]
    private static partial Regex ParameterName();
}
