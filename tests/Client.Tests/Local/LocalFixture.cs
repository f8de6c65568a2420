using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Pltfrms.Iam.Client;
using Testing;
using Wire = Pltfrms.Iam.Token.V1;

namespace Client.Tests.Local;

/// <summary>The library in its local mode. What is asked remotely is told by its answer's revision.</summary>
internal sealed class LocalFixture : IAsyncDisposable
{
    /// <summary>Of every answer that the server gives.</summary>
    public const long Remote = 1_000_000;

    private readonly ServiceProvider _provider;

    private LocalFixture(ContractServer server, TwoClocks clock, Action<IamClientOptions>? configure)
    {
        (Server, Clock) = (server, clock);
        var services = new ServiceCollection().AddSingleton<TimeProvider>(clock).AddPltfrmsIam(options =>
        {
            options.Address = server.Address;
            options.RealmId = DemoRealm.Id;
            options.ClientId = "demo-api";
            options.ClientSecret = "the-secret";
            options.Timeout = TimeSpan.FromSeconds(30);
            options.Mode = IamMode.Local;
            // Long, as silence is measured by the system's clock.
            options.FeedStaleAfter = StaleAfter;
            configure?.Invoke(options);
        });
        services.AddHttpClient(IamClientOptions.KeysHttpClient).ConfigurePrimaryHttpMessageHandler(() => Signer);
        services.AddHealthChecks().AddPltfrmsIam();
        _provider = services.BuildServiceProvider();
        Iam = _provider.GetRequiredService<IamClient>();
    }

    public static TimeSpan StaleAfter { get; } = TimeSpan.FromMinutes(1);

    public ContractServer Server { get; }

    public FeedScript Feeds => Server.Feeds;

    public TwoClocks Clock { get; }

    public RealmSigner Signer { get; } = new();

    public IamClient Iam { get; }

    /// <summary>Connected, with keys, and fresh.</summary>
    public static async Task<LocalFixture> StartAsync(
        TimeSpan ahead = default, Action<IamClientOptions>? configure = null, Action<ContractServer>? prepare = null)
    {
        var server = await ContractServer.StartAsync();
        server.Feeds.Put(DemoRealm.Resources);
        server.Introspect = (_, _) => Task.FromResult(new Wire.IntrospectTokenResponse { Active = true, Issuer = RealmSigner.Issuer, Revision = Remote });
        server.Check = (_, _) => Task.FromResult(new Wire.CheckPermissionResponse { Reason = Wire.DecisionReason.PermissionNotAssigned, Revision = Remote });
        prepare?.Invoke(server);
        var fixture = new LocalFixture(server, new(ahead), configure);
        await fixture.FreshAsync();
        return fixture;
    }

    public string Token() => Signer.Sign(RealmSigner.Token(Clock.True));

    public Task<PermissionDecision> CheckAsync(string token, string permission = "invoices.create", string? organizationId = "acme") =>
        Iam.CheckPermissionAsync(token, permission, organizationId, CancellationToken.None);

    public async Task<(DecisionReason Reason, bool IsLocal)> AskAsync(string token, string permission = "invoices.create", string? organizationId = "acme")
    {
        var decision = await CheckAsync(token, permission, organizationId);
        return (decision.Reason, decision.Revision != Remote);
    }

    /// <summary>Sends heartbeats until the library decides by itself.</summary>
    public async Task FreshAsync()
    {
        await UntilAsync(async () =>
        {
            Feeds.Beat(Clock.True);
            return (await HealthAsync()).Status == HealthStatus.Healthy;
        });
    }

    public async Task<HealthReportEntry> HealthAsync() =>
        (await _provider.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["pltfrms-iam"];

    /// <summary>Waits for an answer, and for who gives it.</summary>
    public Task BecomesAsync(string token, (DecisionReason, bool) answer, string permission = "invoices.create") =>
        UntilAsync(async () => await AskAsync(token, permission) == answer);

    public void GoDown()
    {
        Server.Check = (_, _) => throw Faults.Of(StatusCode.Unavailable, "STORAGE_UNAVAILABLE");
        Server.Introspect = (_, _) => throw Faults.Of(StatusCode.Unavailable, "STORAGE_UNAVAILABLE");
    }

    /// <summary>Waits for what the streams bring; it comes soon or never.</summary>
    public static Task UntilAsync(Func<Task<bool>> condition) => Waiting.UntilAsync(condition, TimeSpan.FromSeconds(60));

    public async ValueTask DisposeAsync()
    {
        await _provider.DisposeAsync();
        await Server.DisposeAsync();
        Signer.Dispose();
    }
}
