using System.Globalization;
using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Pltfrms.Iam.RealmAdmin.Documents.Yaml;

/// <summary>
/// Reads YAML into nodes with paths. What would let a small text grow large or deep is refused: aliases, nesting, several documents.
/// </summary>
internal sealed class DocumentLoader
{
    private const int DeepestNesting = 16;
    private const int MostValues = 1_000_000;

    private readonly Parser _parser;
    private readonly DocumentErrors _errors;
    private int _values;

    private DocumentLoader(string text, DocumentErrors errors)
    {
        _parser = new Parser(new StringReader(text));
        _errors = errors;
    }

    /// <summary>The document's top; null where it cannot be read, which is reported.</summary>
    public static DocumentNode? Load(string text, DocumentErrors errors)
    {
        if (Encoding.UTF8.GetByteCount(text) > RealmDocumentReader.LargestDocument)
        {
            errors.Add(DocumentErrors.Document, "must be at most 16 MiB");
            return null;
        }

        try
        {
            return new DocumentLoader(text, errors).Load();
        }
        catch (YamlException exception)
        {
            errors.Add(Place(exception.Start), $"is not valid YAML: {exception.Message}");
            return null;
        }
        catch (UnsupportedYamlException exception)
        {
            errors.Add(Place(exception.Start), exception.Message);
            return null;
        }
    }

    private DocumentNode? Load()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out _))
        {
            _errors.Add(DocumentErrors.Document, "is empty");
            return null;
        }

        _parser.Consume<DocumentStart>();
        var top = Node("", depth: 0);
        _parser.Consume<DocumentEnd>();
        if (_parser.Accept<DocumentStart>(out var second))
        {
            throw new UnsupportedYamlException(second.Start, "begins a second document; there must be one");
        }

        return top;
    }

    private DocumentNode Node(string path, int depth)
    {
        var next = _parser.Current ?? throw new InvalidOperationException("The parser stands at no event.");
        Refuse(next, depth);
        switch (next)
        {
            case SequenceStart:
                return new DocumentNode { Path = path, Kind = NodeKind.List, Items = Items(path, depth) };
            case MappingStart:
                return new DocumentNode { Path = path, Kind = NodeKind.Mapping, Members = Members(path, depth) };
            default:
                var scalar = _parser.Consume<YamlDotNet.Core.Events.Scalar>();
                var kind = scalar.Style == ScalarStyle.Plain ? CoreSchema.KindOf(scalar.Value) : NodeKind.Text;
                return new DocumentNode { Path = path, Kind = kind, Text = scalar.Value };
        }
    }

    private List<DocumentNode> Items(string path, int depth)
    {
        _parser.Consume<SequenceStart>();
        List<DocumentNode> items = [];
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(Node(string.Create(CultureInfo.InvariantCulture, $"{path}[{items.Count}]"), depth + 1));
        }

        return items;
    }

    private Dictionary<string, DocumentNode> Members(string path, int depth)
    {
        _parser.Consume<MappingStart>();
        Dictionary<string, DocumentNode> members = new(StringComparer.Ordinal);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var mark = _parser.Current!.Start;
            var key = Node(path, depth + 1);
            if (key.Kind is NodeKind.List or NodeKind.Mapping)
            {
                throw new UnsupportedYamlException(mark, "is a list or mapping as a key; keys must be text");
            }

            var value = Node(path.Length == 0 ? key.Text : $"{path}.{key.Text}", depth + 1);
            if (!members.TryAdd(key.Text, value))
            {
                _errors.Add(value.Path, "is given twice");
            }
        }

        return members;
    }

    private void Refuse(ParsingEvent next, int depth)
    {
        if (depth > DeepestNesting)
        {
            throw new UnsupportedYamlException(next.Start, "is nested too deeply");
        }

        if (++_values > MostValues)
        {
            throw new UnsupportedYamlException(next.Start, "is one value too many: a document has at most 1,000,000");
        }

        switch (next)
        {
            case AnchorAlias:
                throw new UnsupportedYamlException(next.Start, "is an alias; aliases are not supported");
            case NodeEvent { Anchor.IsEmpty: false }:
                throw new UnsupportedYamlException(next.Start, "has an anchor; anchors are not supported");
            case NodeEvent { Tag.IsEmpty: false }:
                throw new UnsupportedYamlException(next.Start, "has a tag; tags are not supported");
        }
    }

    private static string Place(Mark mark) => string.Create(CultureInfo.InvariantCulture, $"line {mark.Line}, column {mark.Column}");

    /// <summary>YAML that is right, but more than a realm document may use.</summary>
    private sealed class UnsupportedYamlException(Mark start, string message) : Exception(message)
    {
        public Mark Start => start;
    }
}
