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
    private static readonly string[] Packed =
    [
        "compat/Grpc.Core.Api", "compat/Grpc.Net.Common", "protos", "services/decisions",
        "clients/dotnet/Pltfrms.Iam.Client.csproj", "clients/dotnet/aspnetcore",
    ];

    [Fact]
    public async Task A_fresh_project_installs_the_packages_and_is_protected()
    {
        using var folder = new TemporaryFolder();
        var feed = folder.File("feed");
        foreach (var project in Packed)
        {
            await DotnetAsync(Alone, "pack", Path.Combine(Root(), project), "--no-build", "--configuration", Configuration, "--output", feed, "-p:IsPackable=true");
        }
        var fresh = Directory.CreateDirectory(folder.File("fresh")).FullName;
        await File.WriteAllTextAsync(Path.Combine(fresh, "fresh.csproj"), Project);
        await File.WriteAllTextAsync(Path.Combine(fresh, "Program.cs"), Program);

        await DotnetAsync(
            new(Alone) { ["NUGET_PACKAGES"] = folder.File("packages") },
            "build", fresh, $"-p:RestoreSources={feed}", $"-p:RestoreFallbackFolders={Installed()}", "--output", folder.File("out"), "-v", "q");
        var output = await DotnetAsync(Alone, folder.File(Path.Combine("out", "fresh.dll")));

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

    private const string Program = """
        using Pltfrms.Iam.Client.AspNetCore;

        var builder = WebApplication.CreateBuilder(args);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddPltfrmsIam(options =>
        {
            options.Address = new Uri("http://127.0.0.1:9080");
            (options.RealmId, options.ClientId, options.ClientSecret) = ("demo", "demo-api", "the-secret");
        });
        builder.Services.AddAuthentication().AddPltfrmsIam(options => options.Audience = "https://api.demo.example");
        var app = builder.Build();
        app.MapGet("/", () => "invoices").RequirePermission("invoices.read");
        await app.StartAsync();
        using var http = new HttpClient();
        using var answer = await http.GetAsync(app.Urls.Single());
        Console.WriteLine($"{answer.StatusCode} {string.Join(", ", answer.Headers.WwwAuthenticate.Select(challenge => challenge.Scheme))}");
        """;

    /// <summary>Debug or Release: as these tests are built.</summary>
    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    /// <summary>What the repository itself was restored to, and nothing else.</summary>
    private static string Installed() => Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static async Task<string> DotnetAsync(Dictionary<string, string?> environment, params string[] arguments)
    {
        await using var process = ProcessUnderTest.Start("dotnet", arguments, environment);
        var exitCode = await process.WaitForExitAsync(Patience);
        var output = string.Join('\n', process.Lines);
        Assert.True(exitCode == 0, $"dotnet {string.Join(' ', arguments)}: {exitCode}\n{output}");
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
