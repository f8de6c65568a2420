using System.Net;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pltfrms.Iam.Token.V1;

namespace RealmAdmin.Tests.Audit;

/// <summary>A token service that allows everything, so that a test can be whoever it wants.</summary>
internal sealed class TokenServiceStandIn : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TokenServiceStandIn(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single();

    public static async Task<TokenServiceStandIn> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        var app = builder.Build();
        app.MapGrpcService<Permissive>();
        await app.StartAsync();
        return new TokenServiceStandIn(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private sealed class Permissive : PermissionService.PermissionServiceBase
    {
        public override Task<CheckPermissionResponse> CheckPermission(CheckPermissionRequest request, ServerCallContext context) =>
            Task.FromResult(new CheckPermissionResponse { Allowed = true });
    }
}
