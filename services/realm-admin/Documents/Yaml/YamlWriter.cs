using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Pltfrms.Iam.RealmAdmin.Documents.Yaml;

/// <summary>Writes YAML for people: two spaces, short lists on one line, quotes only where they are needed. What is empty is left out.</summary>
internal sealed partial class YamlWriter
{
    private const int LongestLine = 120;
    private static readonly JsonSerializerOptions Quoting = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly StringBuilder _text = new();
    private int _depth;
    private bool _atItem;

    public override string ToString() => _text.ToString();

    public YamlWriter Text(string key, string? value) => string.IsNullOrEmpty(value) ? this : Line($"{key}: {Scalar(value)}");

    /// <summary>A text under a key that is any text.</summary>
    public YamlWriter Entry(string key, string value) => Line($"{Scalar(key)}: {Scalar(value)}");

    public YamlWriter Flag(string key, bool value) => value ? Line($"{key}: true") : this;

    /// <summary>A value that needs no quotes.</summary>
    public YamlWriter Plain(string key, string? value) => value is null ? this : Line($"{key}: {value}");

    /// <param name="key">The key.</param>
    /// <param name="values">In the order in which they are written.</param>
    /// <param name="evenIfEmpty">Whether an empty list means something else than none.</param>
    public YamlWriter Texts(string key, IReadOnlyCollection<string> values, bool evenIfEmpty = false)
    {
        if (values.Count == 0)
        {
            return evenIfEmpty ? Line($"{key}: []") : this;
        }

        var line = $"{key}: [{string.Join(", ", values.Select(Scalar))}]";
        if (line.Length + 2 * _depth <= LongestLine)
        {
            return Line(line);
        }

        Line($"{key}:");
        foreach (var value in values)
        {
            Line($"  - {Scalar(value)}");
        }

        return this;
    }

    /// <summary>A list of mappings.</summary>
    public YamlWriter Each<T>(string key, IEnumerable<T> items, Action<T> write)
    {
        var first = true;
        foreach (var item in items)
        {
            if (first)
            {
                Line($"{key}:");
                _depth += 2;
                first = false;
            }

            _atItem = true;
            write(item);
        }

        _depth -= first ? 0 : 2;
        return this;
    }

    /// <summary>A mapping under a key.</summary>
    public YamlWriter Mapping(string key, Action write)
    {
        Line($"{key}:");
        _depth++;
        write();
        _depth--;
        return this;
    }

    /// <summary>Sets a section apart.</summary>
    public YamlWriter Gap()
    {
        _text.Append('\n');
        return this;
    }

    private YamlWriter Line(string line)
    {
        if (_atItem)
        {
            _text.Append(' ', 2 * (_depth - 1)).Append("- ");
            _atItem = false;
        }
        else
        {
            _text.Append(' ', 2 * _depth);
        }

        _text.Append(line).Append('\n');
        return this;
    }

    private static string Scalar(string value) =>
        PlainPattern().IsMatch(value) && CoreSchema.KindOf(value) == NodeKind.Text ? value : JsonSerializer.Serialize(value, Quoting);

    /// <summary>Text that no YAML reader takes for anything else, in a list on one line either.</summary>
    [GeneratedRegex(@"\A[\p{L}\p{Nd}_/](?:[\p{L}\p{Nd}_./+@=;()'-]|:(?=[^\s,\]])|[ ](?=[\p{L}\p{Nd}_/(.+]))*\z")]
    private static partial Regex PlainPattern();
}
