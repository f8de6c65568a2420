using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Hosting;
using Testing;
using Wire = Pltfrms.Iam.Consent.V1;

namespace Common.Tests.Hosting;

/// <summary>A server of the consent contract, hosted as the services are, whose methods do what a test wants.</summary>
internal sealed class SampleServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;

    private SampleServer(WebApplication app, TemporaryFolder folder)
    {
        App = app;
        _folder = folder;
        Channel = GrpcChannel.ForAddress(ServiceHost.GrpcAddress(app));
        Client = new Wire.ConsentService.ConsentServiceClient(Channel);
    }

    public WebApplication App { get; }

    public GrpcChannel Channel { get; }

    public Wire.ConsentService.ConsentServiceClient Client { get; }

    public static Task<SampleServer> StartAsync(
        SampleBehaviour behaviour, IReadOnlyDictionary<string, string?>? settings = null, Action<WebApplicationBuilder>? compose = null) =>
        StartAsync(new TemporaryFolder(), behaviour, settings ?? new Dictionary<string, string?>(), compose ?? (_ => { }));

    /// <summary>Starts and stops at once; for tests of what keeps a service from starting.</summary>
    public static async Task<string> RefusalAsync(IReadOnlyDictionary<string, string?> settings, Action<WebApplicationBuilder>? compose = null)
    {
        var refusal = await Assert.ThrowsAsync<StartupException>(async () =>
        {
            await using var server = await StartAsync(new SampleBehaviour(), settings, compose);
        });
        return refusal.Message;
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
        _folder.Dispose();
    }

    private static async Task<SampleServer> StartAsync(
        TemporaryFolder folder,
        SampleBehaviour behaviour,
        IReadOnlyDictionary<string, string?> settings,
        Action<WebApplicationBuilder> compose)
    {
        var all = new Dictionary<string, string?>
        {
            ["Listen:Grpc"] = "http://127.0.0.1:0",
            ["Listen:Http"] = "http://127.0.0.1:0",
            ["Database:Engine"] = "sqlite",
            ["Database:File"] = folder.File("sample.db"),
            ["Logging:LogLevel:Default"] = "None",
        };
        foreach (var (key, value) in settings)
        {
            all[key] = value;
        }

        var builder = ServiceHost.CreateBuilder(ServiceNames.Consent, [], all);
        builder.Services.AddSingleton(behaviour);
        builder.Services.AddSingleton<IAccessTokenAuthorizer, NoAccessTokens>();
        compose(builder);
        var app = builder.Build();
        ServiceHost.MapWellknown(app);
        app.MapGrpc<SampleGrpcService>();
        app.MapGet("/rest", () => "rest");
        try
        {
            await ServiceHost.StartAsync(app);
        }
        catch
        {
            await app.DisposeAsync();
            folder.Dispose();
            throw;
        }

        return new SampleServer(app, folder);
    }
}

/// <summary>What the methods of <see cref="SampleServer"/> do before they answer.</summary>
internal sealed class SampleBehaviour
{
    public Func<Wire.ListConsentsRequest, ServerCallContext, Task> OnListConsents { get; init; } = (_, _) => Task.CompletedTask;
}

internal sealed class SampleGrpcService(SampleBehaviour behaviour, CallerGate gate) : Wire.ConsentService.ConsentServiceBase
{
    public override async Task<Wire.ListConsentsResponse> ListConsents(Wire.ListConsentsRequest request, ServerCallContext context)
    {
        await behaviour.OnListConsents(request, context);
        return new Wire.ListConsentsResponse();
    }

    /// <summary>Answers with who called, in place of a scope.</summary>
    public override async Task<Wire.ExplainScopesResponse> ExplainScopes(Wire.ExplainScopesRequest request, ServerCallContext context)
    {
        var caller = await gate.RequireAsync(context, request.RealmId, "iam.scopes.explain");
        return new Wire.ExplainScopesResponse { OfferedScopes = { $"{caller.Kind} {caller.Id}" } };
    }
}

/// <summary>Where a test is not about access tokens, none is known.</summary>
internal sealed class NoAccessTokens : IAccessTokenAuthorizer
{
    public ValueTask<Caller> AuthorizeAsync(
        PresentedToken accessToken, CallerProof? proof, string realmId, string permission, CancellationToken cancellationToken) => throw NotKnown();

    public ValueTask<Caller> IdentifyAsync(PresentedToken accessToken, CallerProof? proof, string realmId, CancellationToken cancellationToken) => throw NotKnown();

    private static Pltfrms.Iam.Common.Errors.IamException NotKnown() => new(Pltfrms.Iam.Errors.V1.ErrorReason.Unauthenticated, "The access token is not known.");
}
