using Benchmarks.Stage;

namespace Benchmarks.Load.Peers;

/// <summary>panva's oidc-provider: OpenID certified, one JavaScript thread.</summary>
internal sealed class OidcProviderPeer(Settings settings) : Peer(PeerServers.OidcProvider, "9.13.3", Job.Issue, Job.Introspect)
{
    public override string Label => $"{base.Label}, {ProgramVersion.Of("node")}";

    protected override async Task<ServiceProcess> StartAsync()
    {
        var folder = await NodePackage.InstallAsync(settings, "oidc-provider");
        return await ServiceProcess.StartAsync(
            "node", [Path.Combine(folder, "server.mjs")], Port, new Dictionary<string, string?> { ["PORT"] = $"{Port}", ["NODE_ENV"] = "production" });
    }

    protected override async Task<Target> MakeAsync(Job job, HttpClient http)
    {
        const string Opaque = "grant_type=client_credentials&scope=read";
        return job == Job.Issue
            ? Form("/token", Opaque + "&resource=https%3A%2F%2Fapi.example", "\"access_token\":\"", Basic)
            : Form("/token/introspection", $"token={await Tokens.IssueAsync(http, Local("/token"), Opaque, Basic)}", "\"active\":true", Basic);
    }
}
