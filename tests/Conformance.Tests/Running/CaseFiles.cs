namespace Conformance.Tests.Running;

/// <summary>The cases, by file and description.</summary>
internal static class CaseFiles
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "cases");

    public static IReadOnlyDictionary<string, ConformanceCase> All { get; } = ReadAll();

    private static Dictionary<string, ConformanceCase> ReadAll()
    {
        var cases = new Dictionary<string, ConformanceCase>();
        foreach (var file in Directory.EnumerateFiles(Folder, "*.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            foreach (var found in YamlDocument.Read<IReadOnlyList<ConformanceCase>>(file))
            {
                if (!cases.TryAdd($"{Path.GetRelativePath(Folder, file)}: {found.Description}", found))
                {
                    throw new InvalidDataException($"{file} has two cases with the description '{found.Description}'");
                }
            }
        }

        return cases;
    }
}
