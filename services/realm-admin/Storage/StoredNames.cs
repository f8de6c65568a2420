using System.Text.Json;

namespace Pltfrms.Iam.RealmAdmin.Storage;

/// <summary>Enum values as they stand in columns and in documents: snake_case.</summary>
/// <remarks>Dapper writes an enum as its number; the numbers are no contract, the names are.</remarks>
public static class StoredNames
{
    public static string Of<T>(T value)
        where T : struct, Enum => Names<T>.ByValue[value];

    /// <summary>All names of an enum, in the order of its values.</summary>
    public static IReadOnlyCollection<string> All<T>()
        where T : struct, Enum => Names<T>.ByName.Keys;

    public static bool TryParse<T>(string name, out T value)
        where T : struct, Enum => Names<T>.ByName.TryGetValue(name, out value);

    private static class Names<T>
        where T : struct, Enum
    {
        public static Dictionary<T, string> ByValue { get; } =
            Enum.GetValues<T>().ToDictionary(value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));

        public static Dictionary<string, T> ByName { get; } = ByValue.ToDictionary(pair => pair.Value, pair => pair.Key);
    }
}
