using Benchmarks.Stage;

namespace Benchmarks.Load.Peers;

/// <summary>@node-oauth/oauth2-server, a library, on bare node:http. It has no introspection endpoint.</summary>
internal sealed class NodeOauth2ServerPeer(Settings settings) : Peer(PeerServers.NodeOauth2Server, "5.3.0", Job.Issue)
{
    public override string Label => $"{base.Label}, {ProgramVersion.Of("node")}";

    protected override async Task<ServiceProcess> StartAsync()
    {
        var folder = await NodePackage.InstallAsync(settings, "node-oauth2-server");
        return await ServiceProcess.StartAsync(
            "node", [Path.Combine(folder, "server.mjs")], Port, new Dictionary<string, string?> { ["PORT"] = $"{Port}", ["NODE_ENV"] = "production" });
    }

    protected override Task<Target> MakeAsync(Job job, HttpClient http) =>
        Task.FromResult(Form("/token", "grant_type=client_credentials&scope=read", "\"access_token\":\"", Basic));
}
