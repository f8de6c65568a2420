using System.Collections;
using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Pltfrms.Iam.RealmAdmin.Documents;
using Pltfrms.Iam.RealmAdmin.Documents.Yaml;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.RealmAdmin.Writes;

/// <summary>
/// A message as the nodes that a document consists of, so that what a resource must look like is written once: in the document's sections.
/// Fields and keys have the same names, but for times.
/// </summary>
internal static class MessageNode
{
    // No document spells a time or a duration like this: what reads it says what would be right.
    private const string Malformed = "-";

    private static readonly Dictionary<string, string> Keys =
        new() { ["expire_time"] = "expires_at", ["start_time"] = "starts_at", ["end_time"] = "ends_at", ["register_time"] = "registered_at" };

    /// <param name="message">What to read.</param>
    /// <param name="path">Where it stands in the request.</param>
    /// <param name="without">Fields of it to leave out.</param>
    public static DocumentNode Of(IMessage message, string path, IReadOnlySet<string> without)
    {
        Dictionary<string, DocumentNode> members = [];
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder().Where(field => !without.Contains(field.Name)))
        {
            if (Field(message, field, path.Length == 0 ? field.Name : $"{path}.{field.Name}") is { } node)
            {
                members.Add(Keys.GetValueOrDefault(field.Name, field.Name), node);
            }
        }

        return new DocumentNode { Path = path, Kind = NodeKind.Mapping, Members = members };
    }

    /// <summary>Null where the field is not set.</summary>
    private static DocumentNode? Field(IMessage message, FieldDescriptor field, string path)
    {
        var value = field.Accessor.GetValue(message);
        if (field.IsMap)
        {
            return value is IDictionary { Count: > 0 } map ? Mapping(map, path) : null;
        }

        if (field.IsRepeated)
        {
            return value is IList { Count: > 0 } list ? List(list, field, path) : null;
        }

        var chosen = field.RealContainingOneof is { } oneof && oneof.Accessor.GetCaseFieldDescriptor(message) == field;
        var isSet = chosen || value switch
        {
            null or "" or false or 0 or ByteString { IsEmpty: true } => false,
            System.Enum choice => Convert.ToInt32(choice, CultureInfo.InvariantCulture) != 0,
            _ => true,
        };
        return isSet ? Value(value!, field, path) : null;
    }

    private static DocumentNode Value(object value, FieldDescriptor field, string path) => value switch
    {
        string text => Text(path, text),
        bool flag => new() { Path = path, Kind = NodeKind.Flag, Text = flag ? "true" : "false" },
        System.Enum choice => Text(path, NameOf(Convert.ToInt32(choice, CultureInfo.InvariantCulture), field.EnumType)),
        Timestamp time => Text(path, Write(time)),
        Duration duration => Text(path, Write(duration)),
        Wire.ScopeList scopes => List(scopes.Scopes, Wire.ScopeList.Descriptor.FindFieldByName("scopes"), $"{path}.scopes"),
        IMessage message => Of(message, path, new HashSet<string>()),
        _ => new() { Path = path, Kind = NodeKind.Number, Text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "" },
    };

    private static DocumentNode List(IList list, FieldDescriptor field, string path) => new()
    {
        Path = path,
        Kind = NodeKind.List,
        Items = [.. list.Cast<object>().Select((item, index) => Value(item, field, string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]")))],
    };

    private static DocumentNode Mapping(IDictionary map, string path) => new()
    {
        Path = path,
        Kind = NodeKind.Mapping,
        Members = map.Keys.Cast<string>().ToDictionary(key => key, key => map[key] is IMessage message
            ? Of(message, $"{path}.{key}", new HashSet<string>())
            : Text($"{path}.{key}", (string)map[key]!)),
    };

    private static DocumentNode Text(string path, string text) => new() { Path = path, Kind = NodeKind.Text, Text = text };

    /// <summary>CLIENT_TYPE_WEB of ClientType is <c>web</c>.</summary>
    private static string NameOf(int number, EnumDescriptor type)
    {
        var prefix = $"{JsonNamingPolicy.SnakeCaseUpper.ConvertName(type.Name)}_";
        var name = type.FindValueByNumber(number)?.Name ?? number.ToString(CultureInfo.InvariantCulture);
        return (name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name).ToLowerInvariant();
    }

    private static string Write(Timestamp time)
    {
        try
        {
            return Values.Write(time.ToDateTimeOffset());
        }
        catch (InvalidOperationException)
        {
            return Malformed;
        }
    }

    private static string Write(Duration duration) => duration is { Nanos: 0, Seconds: > 0 and <= 999_999_999 }
        ? string.Create(CultureInfo.InvariantCulture, $"{duration.Seconds}s")
        : Malformed;
}
