using Testing;

namespace Suite.Tests;

/// <summary>The built token service as a process of its own.</summary>
internal sealed class TokenProcess : IAsyncDisposable
{
    private readonly ProcessUnderTest _process;

    private TokenProcess(ProcessUnderTest process, string http) => (_process, Http) = (process, new Uri(http));

    public Uri Http { get; }

    public static async Task<TokenProcess> StartAsync(string http, IReadOnlyDictionary<string, string?> settings)
    {
        var environment = settings.ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value);
        environment["Logging__LogLevel__Default"] = "Information";
        var process = ProcessUnderTest.Start(Path.Combine(AppContext.BaseDirectory, "Pltfrms.Iam.Token"), [], environment);
        try
        {
            await process.WaitForLineAsync("Ready.", TimeSpan.FromSeconds(60));
            return new TokenProcess(process, http);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public Task KillAsync() => _process.KillAsync();

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
