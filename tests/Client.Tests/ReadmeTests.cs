namespace Client.Tests;

public sealed class ReadmeTests
{
    [Fact]
    public async Task The_readme_shows_the_sample_as_it_is_built()
    {
        var client = Path.Combine(Root().FullName, "clients", "dotnet");

        var sample = await File.ReadAllTextAsync(Path.Combine(client, "sample", "Program.cs"));
        var readme = await File.ReadAllTextAsync(Path.Combine(client, "README.md"));

        Assert.Contains($"```csharp\n{sample}```", readme, StringComparison.Ordinal);
    }

    private static DirectoryInfo Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Pltfrms.Iam.sln")))
        {
            folder = folder.Parent;
        }
        return folder ?? throw new InvalidOperationException("The tests run outside of the repository.");
    }
}
