using System.Net;

namespace Pltfrms.Iam.Token.MutualTls;

/// <summary>The proxies that terminate TLS for us and say which certificate they saw (RFC 9440 section 4).</summary>
public sealed class TrustedProxies(TokenOptions options)
{
    private readonly IPNetwork[] _networks = [.. options.ClientCertificateProxies.Select(text => Parse(text)!.Value)];

    /// <summary>The header in which they say so; null: there are no such proxies.</summary>
    public string? Header { get; } = options.ClientCertificateHeader;

    /// <summary>Whether the address next to us is one of theirs.</summary>
    public bool Contain(IPAddress? peer) => peer is not null && Array.Exists(_networks, network => network.Contains(peer));

    /// <summary>An address, or a network in CIDR notation; null: neither.</summary>
    public static IPNetwork? Parse(string text) =>
        IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : IPNetwork.TryParse(text, out var network) ? network
        : null;
}
