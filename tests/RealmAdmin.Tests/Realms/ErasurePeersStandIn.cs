using System.Collections.Concurrent;
using System.Net;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace RealmAdmin.Tests.Realms;

/// <summary>A token and a consent service that have rows of realms, and are down when a test says so.</summary>
internal sealed class ErasurePeersStandIn : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ErasurePeersStandIn(WebApplication app) => _app = app;

    public PeerRows Rows => _app.Services.GetRequiredService<PeerRows>();

    /// <summary>Realm-admin's settings: these peers, and no longer waiting than a test can.</summary>
    public IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["Peers:Token:Address"] = _app.Urls.Single(),
        ["Peers:Consent:Address"] = _app.Urls.Single(),
        ["Erasure:Interval"] = "00:00:00.05",
        ["Erasure:Quarantine"] = "00:00:00.05",
    };

    public static async Task<ErasurePeersStandIn> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton<PeerRows>();
        var app = builder.Build();
        app.MapGrpcService<TokenErasure>();
        app.MapGrpcService<ConsentErasure>();
        await app.StartAsync();
        return new ErasurePeersStandIn(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private sealed class TokenErasure(PeerRows rows) : Pltfrms.Iam.Token.V1.RealmErasureService.RealmErasureServiceBase
    {
        public override Task<Pltfrms.Iam.Token.V1.EraseRealmResponse> EraseRealm(Pltfrms.Iam.Token.V1.EraseRealmRequest request, ServerCallContext context)
        {
            var (erased, done) = rows.Erase("token", request.RealmId, context);
            return Task.FromResult(new Pltfrms.Iam.Token.V1.EraseRealmResponse { ErasedCount = erased, Done = done });
        }
    }

    private sealed class ConsentErasure(PeerRows rows) : Pltfrms.Iam.Consent.V1.RealmErasureService.RealmErasureServiceBase
    {
        public override Task<Pltfrms.Iam.Consent.V1.EraseRealmResponse> EraseRealm(Pltfrms.Iam.Consent.V1.EraseRealmRequest request, ServerCallContext context)
        {
            var (erased, done) = rows.Erase("consent", request.RealmId, context);
            return Task.FromResult(new Pltfrms.Iam.Consent.V1.EraseRealmResponse { ErasedCount = erased, Done = done });
        }
    }
}

/// <summary>The rows of realms at the peers, by <c>service/realm</c>; each call erases one.</summary>
internal sealed class PeerRows
{
    public ConcurrentDictionary<string, int> Left { get; } = new(StringComparer.Ordinal);

    /// <summary>Services that do not answer.</summary>
    public ConcurrentDictionary<string, bool> Down { get; } = new(StringComparer.Ordinal);

    /// <summary>Realms that a service still hears of.</summary>
    public ConcurrentDictionary<string, bool> Known { get; } = new(StringComparer.Ordinal);

    public ConcurrentQueue<string> Credentials { get; } = [];

    public (int Erased, bool Done) Erase(string service, string realmId, ServerCallContext context)
    {
        Credentials.Enqueue(context.RequestHeaders.GetValue("authorization") ?? "");
        if (Down.ContainsKey(service))
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "down"));
        }

        if (Known.ContainsKey($"{service}/{realmId}"))
        {
            return (0, false);
        }

        var key = $"{service}/{realmId}";
        if (Left.GetValueOrDefault(key) == 0)
        {
            return (0, true);
        }

        Left[key]--;
        return (1, false);
    }
}
