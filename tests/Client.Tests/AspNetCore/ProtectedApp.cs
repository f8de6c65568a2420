using System.Net;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pltfrms.Iam.Client.AspNetCore;
using Testing;
using Wire = Pltfrms.Iam.Token.V1;

namespace Client.Tests.AspNetCore;

/// <summary>A service as its developer writes it, protected by a <see cref="ContractServer"/>; minimal API, MVC and gRPC.</summary>
public sealed class ProtectedApp : IAsyncDisposable
{
    public const string Audience = "https://api.example/invoices";

    private readonly WebApplication _app;

    private ProtectedApp(ContractServer server, Action<IamAuthenticationOptions>? configure, Action<IServiceCollection>? services, Action<WebApplication>? map)
    {
        Server = server;
        server.Introspect = (_, _) => Task.FromResult(Token());
        server.Check = (_, _) => Task.FromResult(new Wire.CheckPermissionResponse { Allowed = true, Reason = Wire.DecisionReason.Allowed });
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddSingleton<TimeProvider>(Clock);
        builder.Services.AddPltfrmsIam(options =>
        {
            (options.Address, options.RealmId, options.ClientId, options.ClientSecret) = (server.Address, "demo", "demo-api", "the-secret");
            options.Timeout = TimeSpan.FromSeconds(30);
        });
        builder.Services.AddAuthentication().AddPltfrmsIam(options =>
        {
            options.Audience = Audience;
            configure?.Invoke(options);
        });
        builder.Services.AddGrpc().AddPltfrmsIam();
        builder.Services.AddControllers().AddApplicationPart(typeof(ProtectedApp).Assembly);
        services?.Invoke(builder.Services);
        _app = builder.Build();
        _app.MapControllers();
        _app.MapGrpcService<ProtectedGrpcService>();
        _app.MapGet("/open", () => "open");
        _app.MapGet("/organizations/{organizationId}/invoices", () => "invoices").RequirePermission("invoices.read");
        map?.Invoke(_app);
    }

    public ContractServer Server { get; }

    public FakeClock Clock { get; } = new();

    public IServiceProvider Services => _app.Services;

    public HttpClient Http { get; private set; } = null!;

    public GrpcChannel Grpc { get; private set; } = null!;

    public static async Task<ProtectedApp> StartAsync(
        Action<IamAuthenticationOptions>? configure = null, Action<IServiceCollection>? services = null, Action<WebApplication>? map = null)
    {
        var app = new ProtectedApp(await ContractServer.StartAsync(), configure, services, map);
        await app._app.StartAsync();
        var addresses = app._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToArray();
        app.Http = new() { BaseAddress = new(addresses[0]) };
        app.Grpc = GrpcChannel.ForAddress(addresses[1]);
        return app;
    }

    /// <summary>An active token of alice's for this service.</summary>
    public Wire.IntrospectTokenResponse Token() => new()
    {
        Active = true,
        Subject = "alice",
        SubjectType = Wire.SubjectType.User,
        UserId = "alice",
        ClientId = "demo-web",
        Scopes = { "invoices.read", "invoices.create" },
        OrganizationId = "acme",
        Audiences = { Audience },
        Issuer = "https://iam.example/realms/demo",
        ExpireTime = Timestamp.FromDateTimeOffset(Clock.GetUtcNow().AddMinutes(5)),
    };

    public void Introspect(Action<Wire.IntrospectTokenResponse> change) => Server.Introspect = (_, _) =>
    {
        var token = Token();
        change(token);
        return Task.FromResult(token);
    };

    public void Deny(Wire.DecisionReason reason) =>
        Server.Check = (_, _) => Task.FromResult(new Wire.CheckPermissionResponse { Reason = reason });

    public async Task<(HttpStatusCode Status, string Challenge)> GetAsync(string path, string? authorization = "Bearer the-token", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        using var response = await Http.SendAsync(request);
        return (response.StatusCode, string.Join("; ", response.Headers.WwwAuthenticate));
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        Grpc.Dispose();
        await _app.DisposeAsync();
        await Server.DisposeAsync();
    }

    private sealed class ProtectedGrpcService : Wire.TokenService.TokenServiceBase
    {
        [RequirePermission("tokens.revoke", OrganizationField = "realm_id")]
        public override Task<Wire.RevokeTokenResponse> RevokeToken(Wire.RevokeTokenRequest request, ServerCallContext context) =>
            Task.FromResult(new Wire.RevokeTokenResponse());

        [RequirePermission("tokens.introspect")]
        public override Task<Wire.IntrospectTokenResponse> IntrospectToken(Wire.IntrospectTokenRequest request, ServerCallContext context) =>
            Task.FromResult(new Wire.IntrospectTokenResponse { Subject = context.GetHttpContext().User.GetSubject() });
    }
}
