using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Pltfrms.Iam.Client;
using Testing;

namespace Client.Tests;

/// <summary>The library as an application gets it, talking to a <see cref="ContractServer"/>, with a clock that stands still.</summary>
public sealed class ClientFixture : IAsyncDisposable
{
    private readonly ServiceProvider _provider;

    private ClientFixture(ContractServer server, Action<IamClientOptions>? configure)
    {
        Server = server;
        _provider = new ServiceCollection()
            .AddSingleton<TimeProvider>(Clock)
            .AddPltfrmsIam(options =>
            {
                options.Address = server.Address;
                options.RealmId = "demo";
                options.ClientId = "demo-api";
                options.ClientSecret = "the-secret";
                options.Timeout = TimeSpan.FromSeconds(30);
                configure?.Invoke(options);
            })
            .BuildServiceProvider();
        Tokens = _provider.GetRequiredService<IamTokens>();
        Iam = _provider.GetRequiredService<IamClient>();
    }

    public ContractServer Server { get; }

    public FakeClock Clock { get; } = new() { CountsElapsedTime = true };

    public IamTokens Tokens { get; }

    public IamClient Iam { get; }

    public static async Task<ClientFixture> StartAsync(Action<IamClientOptions>? configure = null) =>
        new(await ContractServer.StartAsync(), configure);

    public async Task<string> TokenAsync(TokenRequest request) => (await Tokens.GetAsync(request, CancellationToken.None)).Value;

    /// <summary>What the health check of an application says that has this library.</summary>
    public async Task<HealthReportEntry> HealthAsync()
    {
        await using var provider = new ServiceCollection().AddSingleton(Iam).AddLogging()
            .AddPltfrmsIam().AddHealthChecks().AddPltfrmsIam().Services.BuildServiceProvider();
        return (await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["pltfrms-iam"];
    }

    public async ValueTask DisposeAsync()
    {
        await _provider.DisposeAsync();
        await Server.DisposeAsync();
    }
}
