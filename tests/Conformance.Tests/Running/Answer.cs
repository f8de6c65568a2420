using System.Text.Json.Nodes;

namespace Conformance.Tests.Running;

/// <summary>What came back over one transport.</summary>
/// <param name="Fingerprint">All that a caller could tell two answers apart by.</param>
/// <param name="Token">The access token, where one was issued.</param>
internal abstract record Answer(string Fingerprint, string? Token)
{
    public abstract bool Succeeded { get; }

    public abstract void AssertMeets(Expectation expectation);

    /// <summary>Same members, same values; "*" stands for any value but an empty one.</summary>
    public static void AssertMembers(JsonObject expected, JsonObject actual, bool absentIsEmpty)
    {
        var names = expected.Select(member => member.Key).Union(actual.Select(member => member.Key)).Order(StringComparer.Ordinal);
        var differences =
            from name in names
            let wanted = expected.TryGetPropertyValue(name, out var e) ? e : absentIsEmpty ? null : "(absent)"
            let found = actual.TryGetPropertyValue(name, out var a) ? a : absentIsEmpty ? null : "(absent)"
            where !Matches(wanted, found, absentIsEmpty)
            select $"{name}: expected {Show(wanted)}, found {Show(found)}";
        var list = string.Join("\n  ", differences);
        Assert.True(list.Length == 0, $"the answer differs:\n  {list}\nof {actual.ToJsonString()}");
    }

    private static bool Matches(JsonNode? wanted, JsonNode? found, bool absentIsEmpty)
    {
        if (wanted is JsonValue value && value.TryGetValue<string>(out var text) && text == "*")
        {
            return found is not null && !IsEmpty(found);
        }

        if (wanted is JsonObject members && found is JsonObject actual)
        {
            return members.Select(m => m.Key).Union(actual.Select(m => m.Key)).All(name => Matches(members[name], actual[name], absentIsEmpty));
        }

        return JsonNode.DeepEquals(wanted, found) || (absentIsEmpty && IsEmpty(wanted) && IsEmpty(found));
    }

    private static bool IsEmpty(JsonNode? node) => node is null or JsonArray { Count: 0 } or JsonObject { Count: 0 } || node.ToJsonString() is "\"\"" or "false" or "0" or "\"0\"";

    private static string Show(JsonNode? node) => node?.ToJsonString() ?? "nothing";
}
