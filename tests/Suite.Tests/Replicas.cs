using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.Consent;
using Pltfrms.Iam.RealmAdmin;
using Pltfrms.Iam.RealmAdmin.V1;
using Pltfrms.Iam.Token;
using Testing;
using Testing.Databases;

namespace Suite.Tests;

/// <summary>Two replicas each of token and consent, and one realm-admin, on PostgreSQL: each service on a database of its own.</summary>
internal sealed class Replicas : IAsyncDisposable
{
    private readonly ServiceSettings _settings = new();
    private readonly List<PostgresTestDatabase> _databases = [];
    private readonly List<WebApplication> _services = [];
    private readonly List<Func<WebApplication>> _tokens = [];
    private readonly List<Func<WebApplication>> _consents = [];
    private Func<string, int, Dictionary<string, string?>> _tokenProcess = null!;

    public static Metadata Operator { get; } = ServiceSettings.Operator;

    /// <summary>The token service that browsers and clients use.</summary>
    public string Issuing { get; private set; } = "";

    public GrpcChannel Admin { get; private set; } = null!;

    /// <summary>Of realm-admin, token and consent.</summary>
    public IReadOnlyList<TestDatabase> Databases => _databases;

    public IReadOnlyList<GrpcChannel> Tokens { get; private set; } = [];

    public IReadOnlyList<GrpcChannel> Consents { get; private set; } = [];

    public static async Task<Replicas> StartAsync()
    {
        var replicas = new Replicas();
        var (realmAdmin, tokens, consents) = (FreePort.Next(), new[] { FreePort.Next(), FreePort.Next() }, new[] { FreePort.Next(), FreePort.Next() });
        var http = FreePort.Next();
        replicas.Issuing = Local(http);

        var settings = replicas._settings;
        var admin = await replicas.DatabaseAsync(new RealmAdminTables());
        await replicas.StartAsync(RealmAdminHost.Build([], settings.RealmAdmin(admin, realmAdmin, tokens[0], consents[0])));
        await replicas.ImportAsync(realmAdmin);
        var token = await replicas.DatabaseAsync(new TokenTables());
        var consent = await replicas.DatabaseAsync(new ConsentTables());
        for (var i = 0; i < 2; i++)
        {
            var (listen, atToken, atConsent) = (i == 0 ? Local(http) : Local(0), tokens[i], consents[i]);
            replicas._tokens.Add(() => TokenHost.Build([], settings.Token(token, replicas.Issuing, listen, atToken, realmAdmin, atConsent)));
            replicas._consents.Add(() => ConsentHost.Build([], settings.Consent(consent, atConsent, realmAdmin, atToken)));
        }

        replicas._tokenProcess = (listen, port) => settings.Token(token, replicas.Issuing, listen, port, realmAdmin, consents[0]);
        await replicas.StartTokensAsync();
        await replicas.StartConsentsAsync();
        replicas.Admin = GrpcChannel.ForAddress(Local(realmAdmin));
        replicas.Tokens = [.. tokens.Select(port => GrpcChannel.ForAddress(Local(port)))];
        replicas.Consents = [.. consents.Select(port => GrpcChannel.ForAddress(Local(port)))];
        return replicas;
    }

    /// <summary>One more token service on the same database, as a process that can be killed.</summary>
    public Task<TokenProcess> StartTokenProcessAsync()
    {
        var http = Local(FreePort.Next());
        return TokenProcess.StartAsync(http, _tokenProcess(http, FreePort.Next()));
    }

    public Task StartTokensAsync() => StartAsync(_tokens);

    public Task StartConsentsAsync() => StartAsync(_consents);

    public Task StopTokensAsync() => StopAsync<TokenOptions>();

    public Task StopConsentsAsync() => StopAsync<ConsentOptions>();

    public async ValueTask DisposeAsync()
    {
        foreach (var channel in Tokens.Concat(Consents).Append(Admin))
        {
            channel.Dispose();
        }

        await Task.WhenAll(_services.Select(service => service.StopAsync()));
        foreach (var service in _services)
        {
            await service.DisposeAsync();
        }

        foreach (var database in _databases)
        {
            await database.DisposeAsync();
        }

        _settings.Dispose();
    }

    private async Task StartAsync(IEnumerable<Func<WebApplication>> services)
    {
        foreach (var build in services)
        {
            await StartAsync(build());
        }
    }

    /// <summary>Stops all replicas of a service, which is known by its options.</summary>
    private async Task StopAsync<TOptions>()
    {
        foreach (var service in _services.Where(running => running.Services.GetService(typeof(TOptions)) is not null).ToList())
        {
            _services.Remove(service);
            await service.StopAsync();
            await service.DisposeAsync();
        }
    }

    private async Task StartAsync(WebApplication service)
    {
        _services.Add(service);
        await ServiceHost.StartAsync(service);
    }

    private async Task ImportAsync(int port)
    {
        using var channel = GrpcChannel.ForAddress(Local(port));
        var document = (await File.ReadAllTextAsync(SuiteProcess.DemoRealmFile)).Replace(
            "scopes: [invoices.read, invoices.create, invoices.approve, payments.refund]",
            "scopes: [invoices.read, invoices.create, invoices.approve, payments.refund, iam.consents.self]",
            StringComparison.Ordinal);
        await new RealmService.RealmServiceClient(channel).ImportRealmAsync(new() { RealmId = "demo", Document = document }, Operator);
    }

    private async Task<IReadOnlyDictionary<string, string?>> DatabaseAsync(PostgresTestDatabase database)
    {
        await database.InitializeAsync();
        _databases.Add(database);
        return database.Settings;
    }

    private static string Local(int port) => ServiceSettings.Local(port);

    private sealed class RealmAdminTables() : PostgresTestDatabase(typeof(RealmAdminHost).Assembly);

    private sealed class TokenTables() : PostgresTestDatabase(typeof(TokenHost).Assembly);

    private sealed class ConsentTables() : PostgresTestDatabase(typeof(ConsentHost).Assembly);
}
