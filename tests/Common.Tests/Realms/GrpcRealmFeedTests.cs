using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Mapping;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Errors.V1;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Common.Tests.Realms;

public sealed class GrpcRealmFeedTests : IAsyncLifetime
{
    private WebApplication? _server;
    private GrpcChannel? _channel;

    private IRealmFeed Feed => new GrpcRealmFeed(_channel!.CreateCallInvoker());

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        _server = builder.Build();
        _server.MapGrpcService<ScriptedFeed>();
        await _server.StartAsync();
        _channel = GrpcChannel.ForAddress(_server.Urls.Single());
    }

    public async Task DisposeAsync()
    {
        _channel?.Dispose();
        await _server!.DisposeAsync();
    }

    [Fact]
    public async Task Events_come_as_they_were_sent()
    {
        var events = new List<RealmFeedEvent>();
        await foreach (var next in Feed.WatchAsync("demo", new(7, CreatedAt: null), CancellationToken.None))
        {
            events.Add(next);
        }

        var part = Assert.IsType<RealmFeedEvent.SnapshotPart>(events[0]);
        Assert.Equal((7, true), (part.Revision, part.IsLast));
        Assert.Equal([RealmParts.Realm()], part.Resources);
        var delta = Assert.IsType<RealmFeedEvent.Delta>(events[1]);
        Assert.Equal(8, delta.Revision);
        Assert.Equal([RealmParts.User("alice", "accountants")], delta.Upserts);
        Assert.Equal([(ResourceKind.RoleBinding, "b")], delta.Deletes);
        Assert.Equal(8, Assert.IsType<RealmFeedEvent.Heartbeat>(events[2]).Revision);
        Assert.Equal(3, events.Count);
    }

    [Fact]
    public async Task An_unknown_realm_is_not_taken_for_an_outage()
    {
        var refusal = await Assert.ThrowsAsync<IamException>(() => ReadAsync("ghost"));

        Assert.Equal((ErrorReason.RealmNotFound, "ghost"), (refusal.Reason, refusal.Metadata["realm_id"]));
    }

    [Fact]
    public async Task An_outage_is_not_taken_for_an_unknown_realm() =>
        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => ReadAsync("broken"))).StatusCode);

    [Fact]
    public async Task An_event_of_a_later_version_is_refused() =>
        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync("future"));

    private async Task ReadAsync(string realmId)
    {
        await foreach (var _ in Feed.WatchAsync(realmId, RealmPosition.Start, CancellationToken.None))
        {
        }
    }

    private sealed class ScriptedFeed : Wire.RealmFeedService.RealmFeedServiceBase
    {
        public override async Task WatchRealm(
            Wire.WatchRealmRequest request, IServerStreamWriter<Wire.WatchRealmResponse> responseStream, ServerCallContext context)
        {
            switch (request.RealmId)
            {
                case "ghost": throw new RpcException(new Status(StatusCode.NotFound, "no such realm"));
                case "broken": throw new RpcException(new Status(StatusCode.Unavailable, "no database"));
                case "future": await responseStream.WriteAsync(new()); return;
            }

            await responseStream.WriteAsync(new()
            {
                SnapshotPart = new() { Revision = request.AfterRevision, Resources = { ((IRealmResource)RealmParts.Realm()).ToWire() }, Last = true },
            });
            await responseStream.WriteAsync(new()
            {
                Delta = new()
                {
                    Revision = request.AfterRevision + 1,
                    Upserts = { ((IRealmResource)RealmParts.User("alice", "accountants")).ToWire() },
                    Deletes = { RealmResourceMapping.ToWire(ResourceKind.RoleBinding, "b") },
                },
            });
            await responseStream.WriteAsync(new() { Heartbeat = new() { Revision = request.AfterRevision + 1 } });
        }
    }
}
