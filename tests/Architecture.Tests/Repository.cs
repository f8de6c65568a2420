namespace Architecture.Tests;

/// <summary>The checked-out sources that these tests read.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The product's hand-written C#: services and client; not tests, samples or compat.</summary>
    public static IReadOnlyList<SourceFile> Product { get; } =
        [.. Files("services", "*.cs").Concat(Files("clients", "*.cs")).Where(file => !file.Path.Contains("/sample/", StringComparison.Ordinal))];

    public static IReadOnlyList<SourceFile> Migrations { get; } =
        [.. Files("services", "*.sql").Where(file => file.Path.Contains("/Storage/Migrations/", StringComparison.Ordinal))];

    public static IReadOnlyList<SourceFile> Protos { get; } = Files("protos", "*.proto");

    public static IReadOnlyList<SourceFile> Projects { get; } = Files("services", "*.csproj");

    /// <summary>Files below a folder of the repository, in order of their path, without what builds leave there.</summary>
    public static IReadOnlyList<SourceFile> Files(string folder, string pattern) =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Select(path => new SourceFile(Path.GetRelativePath(Root, path).Replace('\\', '/')))
            .Where(file => !file.Path.Contains("/bin/", StringComparison.Ordinal) && !file.Path.Contains("/obj/", StringComparison.Ordinal))
            .OrderBy(file => file.Path, StringComparer.Ordinal),
    ];

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Pltfrms.Iam.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("These tests run in a checkout; there is no Pltfrms.Iam.sln above them.");
    }
}
