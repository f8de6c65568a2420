using Benchmarks.Stage;

namespace Benchmarks.Load.Peers;

/// <summary>glewlwyd, an OpenID server in C, from Debian.</summary>
internal sealed class GlewlwydPeer(Settings settings) : Peer(PeerServers.Glewlwyd, "2.7.5", Job.Issue, Job.Introspect)
{
    protected override Task<ServiceProcess> StartAsync() => throw new InvalidOperationException($"not yet {settings.Root}");

    protected override Task<Target> MakeAsync(Job job, HttpClient http) => throw new InvalidOperationException("");
}
