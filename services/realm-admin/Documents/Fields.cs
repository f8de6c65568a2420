using System.Globalization;
using Pltfrms.Iam.Common;
using Pltfrms.Iam.RealmAdmin.Documents.Yaml;
using Pltfrms.Iam.RealmAdmin.Storage;

namespace Pltfrms.Iam.RealmAdmin.Documents;

/// <summary>Reads the keys of one mapping. Every fault is reported and reading goes on; what was not asked for by the end is unknown.</summary>
internal sealed class Fields(DocumentNode node, DocumentErrors errors, References references)
{
    private const int LongestList = 1_000;
    private static readonly Dictionary<string, DocumentNode> NoMembers = [];
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public string Path => node.Path;

    public string PathOf(string key) =>
        node.Members.TryGetValue(key, out var value) ? value.Path : node.Path.Length == 0 ? key : $"{node.Path}.{key}";

    public bool Has(string key) => Find(key) is not null;

    public void Error(string key, string description) => errors.Add(PathOf(key), description);

    /// <summary>A text that must be there; null where it is not or is wrong.</summary>
    public string? RequiredText(string key, TextRule rule)
    {
        if (!Has(key))
        {
            Error(key, "is required");
        }

        return Text(key, rule);
    }

    /// <summary>A text that may be there; null where it is not or is wrong.</summary>
    public string? Text(string key, TextRule rule) => Find(key) is { } value ? Text(value, rule) : null;

    /// <summary>A text that must be the id of something.</summary>
    public string? Reference(string key, ReferenceKind kind, TextRule rule)
    {
        var id = Text(key, rule);
        references.Refer(kind, id, PathOf(key));
        return id;
    }

    /// <summary>A list of texts in the document's order, none of them twice.</summary>
    public IReadOnlyList<(string Text, string Path)> Texts(string key, TextRule rule)
    {
        List<(string Text, string Path)> texts = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (var item in Items(key, LongestList))
        {
            if (Text(item, rule) is { } text)
            {
                if (!seen.Add(text))
                {
                    errors.Add(item.Path, "is in the list twice");
                }

                texts.Add((text, item.Path));
            }
        }

        return texts;
    }

    /// <summary>A set of texts, sorted.</summary>
    public ValueList<string> Set(string key, TextRule rule) => Sorted(Texts(key, rule));

    /// <summary>A set of ids of something, sorted.</summary>
    public ValueList<string> ReferenceSet(string key, ReferenceKind kind, TextRule rule) => Sorted(ReferenceList(key, kind, rule));

    /// <summary>Ids of something in the document's order.</summary>
    public IReadOnlyList<(string Text, string Path)> ReferenceList(string key, ReferenceKind kind, TextRule rule)
    {
        var texts = Texts(key, rule);
        foreach (var (text, path) in texts)
        {
            references.Refer(kind, text, path);
        }

        return texts;
    }

    public bool Flag(string key)
    {
        if (Find(key) is not { } value)
        {
            return false;
        }

        if (value.Kind != NodeKind.Flag)
        {
            errors.Add(value.Path, "must be true or false");
        }

        return value.Kind == NodeKind.Flag && value.Text.Equals("true", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>One of an enum's names; null where it is not there or is wrong.</summary>
    public T? Choice<T>(string key)
        where T : struct, Enum => Find(key) is { } value ? Choice<T>(value) : null;

    public IReadOnlyList<T> Choices<T>(string key)
        where T : struct, Enum => [.. Items(key, LongestList).Select(Choice<T>).OfType<T>().Distinct()];

    /// <summary>A whole number; null where it is not there or is wrong.</summary>
    public int? Number(string key, int least, int most)
    {
        if (Find(key) is not { } value)
        {
            return null;
        }

        if (value.Kind == NodeKind.Number && int.TryParse(value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most)
        {
            return number;
        }

        errors.Add(value.Path, string.Create(CultureInfo.InvariantCulture, $"must be a whole number from {least} to {most}"));
        return null;
    }

    public TimeSpan? Duration(string key) => Duration(key, Values.UsualLongest);

    public TimeSpan? Duration(string key, TimeSpan longest) =>
        Parsed(key, text => Values.Duration(text, longest), $"must be a duration from 1s to {Values.Write(longest)}, like 5m");

    public DateTimeOffset? Instant(string key) => Parsed(key, Values.Instant, "must be a time like 2026-01-31T12:00:00Z");

    /// <summary>The items of a list; none where it is not there or is no list.</summary>
    public IReadOnlyList<DocumentNode> Items(string key, int most = int.MaxValue)
    {
        if (Find(key) is not { } value)
        {
            return [];
        }

        if (value.Kind != NodeKind.List)
        {
            errors.Add(value.Path, "must be a list");
        }
        else if (value.Items.Count > most)
        {
            errors.Add(value.Path, $"must have at most {most} items");
        }

        return value.Items;
    }

    /// <summary>The mappings of a list, each read with <paramref name="read"/>.</summary>
    public IReadOnlyList<T> Each<T>(string key, Func<Fields, T?> read, int most = int.MaxValue)
        where T : class => [.. Items(key, most).Select(item => Read(item, read)).OfType<T>()];

    /// <summary>A mapping under a key.</summary>
    public T? Mapping<T>(string key, Func<Fields, T?> read)
        where T : class => Find(key) is { } value ? Read(value, read) : null;

    /// <summary>A mapping whose keys are not fixed.</summary>
    public IReadOnlyList<T> Entries<T>(string key, Func<string, Fields, T?> read, int most)
        where T : class => [.. Members(key, most).Select(member => Read(member.Value, fields => read(member.Key, fields))).OfType<T>()];

    /// <summary>A mapping of texts to texts, with the path of each.</summary>
    public IReadOnlyList<(string Key, string Text, string Path)> TextEntries(string key, TextRule keyRule, TextRule rule, int most)
    {
        List<(string Key, string Text, string Path)> entries = [];
        foreach (var (name, item) in Members(key, most))
        {
            if (keyRule.Violation(name) is { } violation)
            {
                errors.Add(item.Path, $"its key {violation}");
            }
            else if (Text(item, rule) is { } text)
            {
                entries.Add((name, text, item.Path));
            }
        }

        return entries;
    }

    /// <summary>Reports the keys that nobody asked for.</summary>
    public void Done()
    {
        foreach (var (key, value) in node.Members.Where(member => !_known.Contains(member.Key)))
        {
            errors.Add(value.Path, $"is not a known key{Suggestion.For(key, _known.Where(known => !node.Members.ContainsKey(known)))}");
        }
    }

    private IReadOnlyDictionary<string, DocumentNode> Members(string key, int most)
    {
        var value = Find(key);
        if (value is not null && value.Kind != NodeKind.Mapping)
        {
            errors.Add(value.Path, "must be a mapping");
        }
        else if (value is not null && value.Members.Count > most)
        {
            errors.Add(value.Path, $"must have at most {most} entries");
        }

        return value?.Members ?? NoMembers;
    }

    private T? Read<T>(DocumentNode item, Func<Fields, T?> read)
        where T : class
    {
        if (item.Kind != NodeKind.Mapping)
        {
            errors.Add(item.Path, "must be a mapping");
            return null;
        }

        var fields = new Fields(item, errors, references);
        var result = read(fields);
        fields.Done();
        return result;
    }

    private DocumentNode? Find(string key)
    {
        _known.Add(key);
        return node.Members.GetValueOrDefault(key);
    }

    private string? Text(DocumentNode value, TextRule rule)
    {
        var violation = value.Kind switch
        {
            NodeKind.Text => rule.Violation(value.Text),
            NodeKind.Empty => "must be text, but has no value",
            NodeKind.Number or NodeKind.Flag => $"must be text: put it in quotes, \"{value.Text}\"",
            _ => "must be text",
        };
        if (violation is not null)
        {
            errors.Add(value.Path, violation, rule.ReasonOf(value.Text));
        }

        return violation is null ? value.Text : null;
    }

    private T? Choice<T>(DocumentNode value)
        where T : struct, Enum
    {
        if (value.Kind == NodeKind.Text && StoredNames.TryParse<T>(value.Text, out var choice))
        {
            return choice;
        }

        var names = StoredNames.All<T>();
        errors.Add(value.Path, $"must be {string.Join(" or ", names)}{Suggestion.For(value.Text, names)}");
        return null;
    }

    private T? Parsed<T>(string key, Func<string, T?> parse, string otherwise)
        where T : struct
    {
        if (Find(key) is not { } value)
        {
            return null;
        }

        var parsed = value.Kind == NodeKind.Text ? parse(value.Text) : null;
        if (parsed is null)
        {
            errors.Add(value.Path, otherwise);
        }

        return parsed;
    }

    private static ValueList<string> Sorted(IEnumerable<(string Text, string Path)> texts) =>
        texts.Select(item => item.Text).Order(StringComparer.Ordinal).ToValueList();
}
