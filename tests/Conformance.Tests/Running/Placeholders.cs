using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Conformance.Tests.Running;

/// <summary>What the case's earlier steps gave: <c>${token}</c> in any text of a request stands for it.</summary>
internal sealed partial class Placeholders
{
    private readonly Dictionary<string, string> _values = [];

    public void Set(string name, string value) => _values[name] = value;

    public CallRequest In(CallRequest request) =>
        JsonSerializer.Deserialize<CallRequest>(In(JsonSerializer.SerializeToNode(request)))!;

    private JsonNode? In(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, In(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(In)]),
        JsonValue value when value.TryGetValue<string>(out var text) => Reference().Replace(text, match => Value(match.Groups["name"].Value)),
        _ => node?.DeepClone(),
    };

    private string Value(string name) =>
        _values.TryGetValue(name, out var value) ? value : throw new InvalidDataException($"no earlier step is called {name}");

    [GeneratedRegex(@"\$\{(?<name>\w+)\}")]
    private static partial Regex Reference();
}
