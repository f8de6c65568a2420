using System.Collections.Concurrent;
using System.Net;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Client.Tests.Local;
using Wire = Pltfrms.Iam.Token.V1;

namespace Client.Tests;

/// <summary>A server of the token service's contract on a free port, whose answers a test writes; it counts what it is asked.</summary>
public sealed class ContractServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _issued;

    private ContractServer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(this);
        builder.Services.AddSingleton(Feeds);
        _app = builder.Build();
        _app.MapGrpcService<TokenGrpcService>();
        _app.MapGrpcService<PermissionGrpcService>();
        _app.MapGrpcService<FeedGrpcService>();
    }

    /// <summary>What it streams.</summary>
    public FeedScript Feeds { get; } = new();

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    public ConcurrentQueue<Wire.IssueTokenRequest> TokenRequests { get; } = [];

    /// <summary>The authorization header of every other call.</summary>
    public ConcurrentQueue<string> Authorizations { get; } = [];

    /// <summary>Refuses a call other than for a token, by throwing.</summary>
    public Action<ServerCallContext> Admit { get; set; } = _ => { };

    /// <summary>Answers IssueToken; unless told, with token-1, token-2, ... of one hour.</summary>
    public Func<Wire.IssueTokenRequest, ServerCallContext, Task<Wire.IssueTokenResponse>> Issue { get; set; } = null!;

    public Func<Wire.IntrospectTokenRequest, ServerCallContext, Task<Wire.IntrospectTokenResponse>> Introspect { get; set; } =
        (_, _) => Task.FromResult(new Wire.IntrospectTokenResponse());

    public Func<Wire.CheckPermissionRequest, ServerCallContext, Task<Wire.CheckPermissionResponse>> Check { get; set; } =
        (_, _) => Task.FromResult(new Wire.CheckPermissionResponse());

    public Func<Wire.BatchCheckPermissionsRequest, Wire.BatchCheckPermissionsResponse> Batch { get; set; } = _ => new();

    public Func<Wire.ListPermissionsRequest, Wire.ListPermissionsResponse> List { get; set; } = _ => new();

    public static async Task<ContractServer> StartAsync()
    {
        var server = new ContractServer();
        server.Issue = (_, _) => Task.FromResult(server.NextToken());
        await server._app.StartAsync();
        return server;
    }

    public Wire.IssueTokenResponse NextToken() => new()
    {
        AccessToken = $"token-{Interlocked.Increment(ref _issued)}",
        TokenType = "Bearer",
        ExpiresIn = Duration.FromTimeSpan(TimeSpan.FromHours(1)),
    };

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    internal void Note(ServerCallContext context)
    {
        Authorizations.Enqueue(context.RequestHeaders.GetValue("authorization") ?? "");
        Admit(context);
    }

    private sealed class TokenGrpcService(ContractServer server) : Wire.TokenService.TokenServiceBase
    {
        public override Task<Wire.IssueTokenResponse> IssueToken(Wire.IssueTokenRequest request, ServerCallContext context)
        {
            server.TokenRequests.Enqueue(request);
            return server.Issue(request, context);
        }

        public override Task<Wire.IntrospectTokenResponse> IntrospectToken(Wire.IntrospectTokenRequest request, ServerCallContext context)
        {
            server.Note(context);
            return server.Introspect(request, context);
        }
    }

    private sealed class PermissionGrpcService(ContractServer server) : Wire.PermissionService.PermissionServiceBase
    {
        public override Task<Wire.CheckPermissionResponse> CheckPermission(Wire.CheckPermissionRequest request, ServerCallContext context)
        {
            server.Note(context);
            return server.Check(request, context);
        }

        public override Task<Wire.BatchCheckPermissionsResponse> BatchCheckPermissions(
            Wire.BatchCheckPermissionsRequest request, ServerCallContext context)
        {
            server.Note(context);
            return Task.FromResult(server.Batch(request));
        }

        public override Task<Wire.ListPermissionsResponse> ListPermissions(Wire.ListPermissionsRequest request, ServerCallContext context)
        {
            server.Note(context);
            return Task.FromResult(server.List(request));
        }
    }
}
