using Testing;

namespace Client.Tests;

/// <summary>The packages as a service installs them: packed into a folder, restored from it without a network, built and run.</summary>
public sealed class PackageTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static readonly Dictionary<string, string?> Alone = new()
    {
        ["MSBUILDDISABLENODEREUSE"] = "1",
        ["UseSharedCompilation"] = "false",
        ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0",
        ["DOTNET_NOLOGO"] = "1",
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
    };

    /// <remarks>The two projects of compat/ stand in for packages that other feeds have.</remarks>
    private static readonly string[] StandIns = ["compat/Grpc.Core.Api", "compat/Grpc.Net.Common"];

    [Fact]
    public async Task A_fresh_project_installs_the_packages_and_is_protected()
    {
        using var folder = new TemporaryFolder();
        var feed = folder.File("feed");
        foreach (var project in StandIns)
        {
            await RunAsync("dotnet", Alone, "pack", Path.Combine(Root(), project), "--no-build", "--configuration", Configuration, "--output", feed, "-p:IsPackable=true");
        }
        await RunAsync("bash", Alone, Path.Combine(Root(), "clients/dotnet/pack.sh"), feed, "--no-build", "--configuration", Configuration);
        var fresh = Directory.CreateDirectory(folder.File("fresh")).FullName;
        await File.WriteAllTextAsync(Path.Combine(fresh, "fresh.csproj"), Project);
        await File.WriteAllTextAsync(Path.Combine(fresh, "Program.cs"), await ProgramAsync());

        await RunAsync(
            "dotnet",
            new(Alone) { ["NUGET_PACKAGES"] = folder.File("packages") },
            "build", fresh, $"-p:RestoreSources={feed}", $"-p:RestoreFallbackFolders={Installed()}", "--output", folder.File("out"), "-v", "q");
        var output = await RunAsync("dotnet", new(Settings), folder.File(Path.Combine("out", "fresh.dll")));

        Assert.Contains("Unauthorized Bearer, DPoP", output, StringComparison.Ordinal);
    }

    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk.Web">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="Pltfrms.Iam.Client.AspNetCore" Version="0.1.0" />
          </ItemGroup>
        </Project>
        """;

    private static readonly Dictionary<string, string?> Settings = new(Alone)
    {
        ["Iam__Address"] = "http://127.0.0.1:9080",
        ["Iam__RealmId"] = "demo",
        ["Iam__ClientId"] = "demo-api",
        ["Iam__ClientSecret"] = "the-secret",
        ["Iam__Audience"] = "https://api.demo.example",
        ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
    };

    private const string AskedAndEnded = """
        await app.StartAsync();
        using var http = new HttpClient();
        using var answer = await http.GetAsync(app.Urls.Single() + "/organizations/acme/invoices");
        Console.WriteLine($"{answer.StatusCode} {string.Join(", ", answer.Headers.WwwAuthenticate.Select(challenge => challenge.Scheme))}");
        """;

    /// <summary>The README's, to the letter, but for its end.</summary>
    private static async Task<string> ProgramAsync()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(Root(), "clients/dotnet/aspnetcore/README.md"));
        var program = readme.Split("```csharp\n", 2)[1].Split("```", 2)[0];
        Assert.Contains("\napp.Run();\n", program, StringComparison.Ordinal);
        return program.Replace("app.Run();", AskedAndEnded, StringComparison.Ordinal);
    }

    /// <summary>Debug or Release: as these tests are built.</summary>
    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    /// <summary>What the repository itself was restored to, and nothing else.</summary>
    private static string Installed() => Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static async Task<string> RunAsync(string program, Dictionary<string, string?> environment, params string[] arguments)
    {
        await using var process = ProcessUnderTest.Start(program, arguments, environment);
        var exitCode = await process.WaitForExitAsync(Patience);
        var output = string.Join('\n', process.Lines);
        Assert.True(exitCode == 0, $"{program} {string.Join(' ', arguments)}: {exitCode}\n{output}");
        return output;
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Pltfrms.Iam.sln")))
        {
            folder = folder.Parent;
        }
        return folder?.FullName ?? throw new InvalidOperationException("The tests run outside of the repository.");
    }
}
