using System.Diagnostics.CodeAnalysis;

namespace Pltfrms.Iam.Common.Authentication;

/// <summary>Section <c>Peers</c>: where the other services are, by name (<c>RealmAdmin</c>, <c>Token</c>, <c>Consent</c>).</summary>
[SuppressMessage("Design", "CA1710", Justification = "Named after its section.")]
public sealed class PeersSettings : Dictionary<string, PeerSettings>
{
    public const string Section = "Peers";

    public PeersSettings()
        : base(StringComparer.OrdinalIgnoreCase)
    {
    }

    /// <summary><c>realm-admin</c> is <c>RealmAdmin</c> in the configuration.</summary>
    internal static string KeyOf(string serviceName) => string.Concat(serviceName.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    internal PeerSettings? Find(string serviceName) => this.GetValueOrDefault(KeyOf(serviceName));
}

public sealed class PeerSettings
{
    /// <summary>Its gRPC listener, or a load balancer before several: <c>http://127.0.0.1:9081</c>.</summary>
    public string? Address { get; set; }

    /// <summary>For https: a PEM file of the authority that signed the peer's certificate; null: those that the machine trusts.</summary>
    public string? CertificateAuthorityFile { get; set; }
}
