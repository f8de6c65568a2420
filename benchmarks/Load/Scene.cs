using Benchmarks.Load.Peers;
using Benchmarks.Stage;
using Google.Protobuf;
using Pltfrms.Iam.RealmAdmin.V1;
using Pltfrms.Iam.Token.V1;

namespace Benchmarks.Load;

/// <summary>The servers that are compared: floors, ours with the demo realm, and peers, which start when they are first asked for.</summary>
internal sealed class Scene : IAsyncDisposable
{
    private const string DoNothing = "/benchmarks.floor.v1.FloorService/DoNothing";

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly ServiceProcess _floor;
    private readonly Uri _floorHttp;
    private readonly Uri _floorGrpc;
    private readonly Lazy<Task<string>> _callerSecret;

    private Scene(Settings settings, Cluster cluster, ServiceProcess floor, Uri floorHttp, Uri floorGrpc)
    {
        (Settings, Cluster, _floor, _floorHttp, _floorGrpc) = (settings, cluster, floor, floorHttp, floorGrpc);
        Demo = new DemoRealm(_http, new Uri(cluster.TokenHttp));
        Clients = new LoadClients(cluster.RealmAdminCalls);
        _callerSecret = new(Clients.MakeCallerAsync);
        Peers = new PeerServers(settings, _http);
    }

    public Settings Settings { get; }

    public Cluster Cluster { get; }

    public DemoRealm Demo { get; }

    public LoadClients Clients { get; }

    public PeerServers Peers { get; }

    private Served Ours => new(Cluster.Token.Id, Cluster.DatabaseCpu, Cluster.Token.AllocatedBytes);

    public static async Task<Scene> StartAsync(Settings settings)
    {
        var (http, grpc) = (Testing.FreePort.Next(), Testing.FreePort.Next());
        var floor = await ServiceProcess.StartAsync(settings.FloorProgram, [$"{http}", $"{grpc}"], grpc, new Dictionary<string, string?>());
        var cluster = await Cluster.StartAsync(settings.Plan);
        var scene = new Scene(settings, cluster, floor, new Uri($"http://127.0.0.1:{http}"), new Uri($"http://127.0.0.1:{grpc}"));
        await scene.ImportAsync(DemoRealm.Id, await File.ReadAllTextAsync(Path.Combine(settings.Root, "services/suite/demo-realm.yaml")));
        return scene;
    }

    /// <summary>Makes a realm and waits until the token service has it.</summary>
    public async Task ImportAsync(string realmId, string document, string clientId = DemoRealm.ServiceId)
    {
        var revision = (await new RealmService.RealmServiceClient(Cluster.RealmAdminCalls).ImportRealmAsync(new() { RealmId = realmId, Document = document })).Revision;
        await new PermissionService.PermissionServiceClient(Cluster.TokenCalls).ListPermissionsAsync(
            new() { RealmId = realmId, ClientId = clientId, MinRevision = revision });
    }

    public async ValueTask DisposeAsync()
    {
        await Peers.DisposeAsync();
        await Cluster.DisposeAsync();
        await _floor.DisposeAsync();
        _http.Dispose();
    }

    /// <summary>One signature, as every access token has.</summary>
    public Target FloorSigning(string form) => FloorForm("form POST, one ES256 signature", "sign", form);

    public Target FloorPlain(string form) => FloorForm("form POST, fixed answer", "plain", form);

    /// <summary>Reads the same bytes each time, and does what both signatures cost.</summary>
    public Target FloorVerifying(string form, params RequestHeader[] headers) => Target.Of(
        Role.Floor,
        "form POST, one ES256 verification and one signature",
        Served.Alone(_floor),
        new FormTarget(new(_floorHttp, "verify"), form, headers, "\"access_token\":\""));

    public Target FloorCall() => Target.Of(Role.Floor, "empty call", Served.Alone(_floor), new GrpcTarget(_floorGrpc, DoNothing, [], authorization: null));

    /// <summary>An empty call that is sent what ours is sent, and has no use for it: what headers and a message of that size cost before anybody asks what they say.</summary>
    public async Task<Target> FloorCallAsync(IMessage request) => Target.Of(
        Role.Floor, "empty call, sent as much", Served.Alone(_floor), new GrpcTarget(_floorGrpc, DoNothing, request.ToByteArray(), $"Bearer {await CallerTokenAsync()}"));

    public Target Form(string name, FormTarget form) => Target.Of(Role.Product, name, Ours, form);

    /// <summary>A call whose answer begins with a field that is true, by a caller whose own access token is opaque.</summary>
    public async Task<Target> CallAsync(string method, IMessage request) => Call(method, "", request, await CallerTokenAsync());

    /// <summary>The same by demo-api, which has a JWT: some 700 characters more with each call.</summary>
    public async Task<Target> CallWithJwtAsync(string method, IMessage request) => Call(method, ", its caller with a JWT", request, await Demo.ApiTokenAsync());

    private Target Call(string method, string how, IMessage request, string callerToken) => Target.Of(
        Role.Product,
        method.Split('/')[^1] + how,
        Ours,
        new GrpcTarget(new(Cluster.TokenGrpc), $"/pltfrms.iam.token.v1.{method}", request.ToByteArray(), $"Bearer {callerToken}") { Begins = [0x08, 0x01] });

    /// <summary>Another each time: tokens of the demo realm are good for five minutes.</summary>
    private async Task<string> CallerTokenAsync() => await Demo.CallerTokenAsync(LoadClients.CallerId, await _callerSecret.Value);

    private Target FloorForm(string name, string path, string form) =>
        Target.Of(Role.Floor, name, Served.Alone(_floor), new FormTarget(new(_floorHttp, path), form, [], "\"access_token\":\""));
}
