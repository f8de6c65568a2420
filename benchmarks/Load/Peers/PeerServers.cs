using Benchmarks.Load.Comparisons;

namespace Benchmarks.Load.Peers;

/// <summary>The peers that the run asks for, each started when it is first compared with.</summary>
internal sealed class PeerServers(Settings settings, HttpClient http) : IAsyncDisposable
{
    public const string OidcProvider = "oidc-provider";
    public const string NodeOauth2Server = "node-oauth2-server";
    public const string Cerbos = "Cerbos";
    public const string Glewlwyd = "glewlwyd";

    private readonly IReadOnlyList<Peer> _peers = Checked(
        [new OidcProviderPeer(settings), new NodeOauth2ServerPeer(settings), new GlewlwydPeer(), new CerbosPeer(settings)], settings.Peers);

    /// <summary>Those who do a job, and who would but cannot be had.</summary>
    public async Task<(IReadOnlyList<Target> Targets, IReadOnlyList<MissingPeer> Missing)> TargetsAsync(Job job)
    {
        List<Target> targets = [];
        List<MissingPeer> missing = [];
        foreach (var peer in _peers.Where(peer => peer.Does(job)))
        {
            if (!IsAskedFor(peer))
            {
                missing.Add(new(peer.Name, "the run was not to have it (--peers)"));
            }
            else if (await peer.TargetAsync(job, http) is { } target)
            {
                targets.Add(target with { Label = peer.Label });
            }
            else
            {
                missing.Add(new(peer.Name, peer.Missing!));
            }
        }

        return (targets, missing);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var peer in _peers)
        {
            await peer.DisposeAsync();
        }
    }

    /// <summary>So that a name that is misspelt is no run without it.</summary>
    private static IReadOnlyList<Peer> Checked(IReadOnlyList<Peer> peers, IReadOnlyList<string> asked) =>
        asked.FirstOrDefault(name => name is not ("all" or "none") && !peers.Any(peer => peer.Name.Equals(name, StringComparison.OrdinalIgnoreCase))) is { } unknown
            ? throw new ArgumentException($"--peers: there is no {unknown}; there are {string.Join(", ", peers.Select(peer => peer.Name))}")
            : peers;

    private bool IsAskedFor(Peer peer) => settings.Peers.Contains("all") || settings.Peers.Contains(peer.Name, StringComparer.OrdinalIgnoreCase);
}
