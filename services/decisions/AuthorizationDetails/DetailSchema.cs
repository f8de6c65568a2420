using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Pltfrms.Iam.Common.Jose;

namespace Pltfrms.Iam.Common.AuthorizationDetails;

/// <summary>
/// JSON Schema (draft 2020-12) as far as authorization details need it; JsonSchema.Net would replace it where a feed has it. What it does not know it refuses,
/// for a constraint that is ignored is none. Objects have no members but those in <c>properties</c>, unless <c>additionalProperties</c> is true.
/// </summary>
public sealed class DetailSchema
{
    /// <summary>In characters.</summary>
    public const int MaxLength = 16 * 1024;

    private static readonly string[] Annotations = ["$schema", "$id", "title", "description", "examples", "default"];

    private static readonly string[] Types = ["object", "array", "string", "number", "integer", "boolean"];

    private readonly Dictionary<string, DetailSchema> _properties = new(StringComparer.Ordinal);
    private readonly List<string> _required = [];
    private readonly List<JsonElement> _values = [];
    private string? _type;
    private bool _allowsOthers;
    private DetailSchema? _items;
    private Regex? _pattern;
    private double _least = double.NegativeInfinity;
    private double _most = double.PositiveInfinity;
    private double _shortest;
    private double _longest = double.PositiveInfinity;
    private bool _isUnique;

    private DetailSchema()
    {
    }

    /// <summary>The schema, or what is wrong with it, as the end of a sentence that begins with the field.</summary>
    public static (DetailSchema? Schema, string? Violation) Read(string json)
    {
        if (json.Length > MaxLength || StrictJson.ReadObject(Encoding.UTF8.GetBytes(json)) is not { } root)
        {
            return (null, "must be a JSON object with unique names and little nesting");
        }

        var schema = new DetailSchema();
        var violation = schema.ReadMembers(root, "") ?? (schema._type == "object" ? null : "must have the type object");
        return violation is null ? (schema, null) : (null, violation);
    }

    /// <summary>The first thing that is wrong with a value; null: nothing.</summary>
    public string? Violation(JsonElement value) => Violation(value, "the object");

    private string? ReadMembers(JsonElement json, string path)
    {
        foreach (var member in json.EnumerateObject())
        {
            if (ReadMember(member.Name, member.Value, path) is { } violation)
            {
                return violation;
            }
        }

        return null;
    }

    private string? ReadMember(string name, JsonElement value, string path)
    {
        var place = $"{path}/{name}";
        switch (name)
        {
            case "type" when value.ValueKind == JsonValueKind.String && Types.Contains(value.GetString()):
                _type = value.GetString();
                return null;
            case "properties" when value.ValueKind == JsonValueKind.Object:
                return value.EnumerateObject().Select(property => ReadProperty(property, place)).FirstOrDefault(violation => violation is not null);
            case "required" when value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String):
                _required.AddRange(value.EnumerateArray().Select(item => item.GetString()!));
                return null;
            case "additionalProperties" when value.ValueKind is JsonValueKind.True or JsonValueKind.False:
                _allowsOthers = value.GetBoolean();
                return null;
            case "items" when value.ValueKind == JsonValueKind.Object:
                _items = new();
                return _items.ReadMembers(value, place);
            case "enum" when value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0:
                _values.AddRange(value.EnumerateArray());
                return null;
            case "const":
                _values.Add(value);
                return null;
            case "pattern" when value.ValueKind == JsonValueKind.String:
                return ReadPattern(value.GetString()!, place);
            case "uniqueItems" when value.ValueKind is JsonValueKind.True or JsonValueKind.False:
                _isUnique = value.GetBoolean();
                return null;
            default:
                return ReadLimit(name, value) || Annotations.Contains(name)
                    ? null
                    : $"has a member that is not known or not of its kind: {place}";
        }
    }

    private string? ReadProperty(JsonProperty property, string path)
    {
        var place = $"{path}/{property.Name}";
        if (property.Value.ValueKind != JsonValueKind.Object)
        {
            return $"has a member that is not an object: {place}";
        }

        var schema = new DetailSchema();
        _properties[property.Name] = schema;
        return schema.ReadMembers(property.Value, place);
    }

    private string? ReadPattern(string pattern, string place)
    {
        try
        {
            // Without backtracking its time grows with the text only, whoever wrote it.
            _pattern = new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return null;
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            return $"has a pattern that cannot be used: {place}";
        }
    }

    private bool ReadLimit(string name, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var limit))
        {
            return false;
        }

        switch (name)
        {
            case "minimum": _least = limit; return true;
            case "maximum": _most = limit; return true;
            case "minLength" or "minItems": _shortest = limit; return true;
            case "maxLength" or "maxItems": _longest = limit; return true;
            default: return false;
        }
    }

    private string? Violation(JsonElement value, string path)
    {
        if (_type is not null && !IsOfType(value))
        {
            return $"{path} must be of the type {_type}";
        }

        if (_values.Count > 0 && !_values.Any(allowed => JsonElement.DeepEquals(allowed, value)))
        {
            return $"{path} has a value that is not allowed";
        }

        return value.ValueKind switch
        {
            JsonValueKind.Object => ViolationOfObject(value, path),
            JsonValueKind.Array => ViolationOfArray(value, path),
            JsonValueKind.String => ViolationOfText(value.GetString()!, path),
            JsonValueKind.Number when value.GetDouble() < _least || value.GetDouble() > _most => $"{path} is out of its range",
            _ => null,
        };
    }

    private bool IsOfType(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => _type == "object",
        JsonValueKind.Array => _type == "array",
        JsonValueKind.String => _type == "string",
        JsonValueKind.Number => _type == "number" || (_type == "integer" && double.IsInteger(value.GetDouble())),
        JsonValueKind.True or JsonValueKind.False => _type == "boolean",
        _ => false,
    };

    private string? ViolationOfObject(JsonElement value, string path)
    {
        if (_required.Find(name => !value.TryGetProperty(name, out _)) is { } missing)
        {
            return $"{path} lacks {missing}";
        }

        foreach (var member in value.EnumerateObject())
        {
            // RFC 9396 section 2: every object has a type, which is how this schema was found.
            var violation = _properties.TryGetValue(member.Name, out var schema) ? schema.Violation(member.Value, member.Name)
                : _allowsOthers || member.Name == "type" ? null
                : $"{path} has a member that is not known";
            if (violation is not null)
            {
                return violation;
            }
        }

        return null;
    }

    private string? ViolationOfArray(JsonElement value, string path)
    {
        var items = value.EnumerateArray().ToList();
        if (items.Count < _shortest || items.Count > _longest)
        {
            return $"{path} has too few or too many items";
        }

        if (_isUnique && items.Where((item, i) => items.Take(i).Any(other => JsonElement.DeepEquals(item, other))).Any())
        {
            return $"{path} has an item twice";
        }

        return items.Select(item => _items?.Violation(item, $"an item of {path}")).FirstOrDefault(violation => violation is not null);
    }

    private string? ViolationOfText(string text, string path)
    {
        // JSON Schema counts code points, not UTF-16 units.
        var length = text.EnumerateRunes().Count();
        return length < _shortest || length > _longest ? $"{path} is too short or too long"
            : _pattern?.IsMatch(text) == false ? $"{path} does not match its pattern"
            : null;
    }
}
