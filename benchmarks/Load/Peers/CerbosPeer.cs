using Benchmarks.Stage;

namespace Benchmarks.Load.Peers;

/// <summary>Cerbos, a policy decision point in Go: three roles and three actions on disk, no audit, no telemetry.</summary>
internal sealed class CerbosPeer(Settings settings) : Peer(PeerServers.Cerbos, "0.55.0", Job.Check)
{
    /// <summary>CheckResourcesRequest: may alice, an editor, write document doc1?</summary>
    private static readonly byte[] Question =
        "\n\u0002b1\u001a\u000f\n\u0005alice\u001a\u0006editor\"\u0019\n\u0005write\u0012\u0010\n\u0008document\u001a\u0004doc1"u8.ToArray();

    /// <summary>CheckResourcesResponse: for write, EFFECT_ALLOW.</summary>
    private static readonly byte[] Allowed = "\n\u0005write\u0010\u0001"u8.ToArray();

    private readonly int _httpPort = Testing.FreePort.Next();

    protected override async Task<ServiceProcess> StartAsync()
    {
        var folder = await NodePackage.InstallAsync(settings, "cerbos");
        return await ServiceProcess.StartAsync(
            Path.Combine(folder, "node_modules/@cerbos/cerbos-linux-x64/cerbos-linux-x64"),
            [
                "server", $"--config={folder}/cerbos.yaml", "--log-level=error", $"--set=server.grpcListenAddr=127.0.0.1:{Port}",
                $"--set=server.httpListenAddr=127.0.0.1:{_httpPort}", $"--set=storage.disk.directory={folder}/policies",
            ],
            Port,
            new Dictionary<string, string?> { ["CERBOS_NO_TELEMETRY"] = "1", ["DO_NOT_TRACK"] = "1" });
    }

    protected override Task<Target> MakeAsync(Job job, HttpClient http) => Task.FromResult(Target.Of(
        Role.Peer,
        Name,
        Server,
        new GrpcTarget(new($"http://127.0.0.1:{Port}"), "/cerbos.svc.v1.CerbosService/CheckResources", Question, authorization: null) { Holds = Allowed }));
}
