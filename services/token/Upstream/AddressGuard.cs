using System.Net;

namespace Pltfrms.Iam.Token.Upstream;

/// <summary>Which addresses the service connects to because somebody else said so.</summary>
/// <param name="loopback">Whether this machine is one of them: in development.</param>
/// <param name="privateNetworks">Whether those of private networks are.</param>
public sealed class AddressGuard(bool loopback, bool privateNetworks)
{
    // RFC 1918, RFC 6598, RFC 4193.
    private static readonly IPNetwork[] Private =
        [IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.168.0.0/16"), IPNetwork.Parse("100.64.0.0/10"), IPNetwork.Parse("fc00::/7")];

    // RFC 6890: this network, link-local (where clouds tell machines their secrets), benchmarks, multicast and reserved, and IPv4 in IPv6's clothes.
    private static readonly IPNetwork[] Never =
    [
        IPNetwork.Parse("0.0.0.0/8"), IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("192.0.0.0/24"), IPNetwork.Parse("198.18.0.0/15"),
        IPNetwork.Parse("224.0.0.0/3"), IPNetwork.Parse("::/128"), IPNetwork.Parse("fe80::/10"), IPNetwork.Parse("ff00::/8"), IPNetwork.Parse("64:ff9b::/96"),
        IPNetwork.Parse("2002::/16"),
    ];

    public bool Allows(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (IPAddress.IsLoopback(plain))
        {
            return loopback;
        }

        return !Never.Any(network => network.Contains(plain)) && (privateNetworks || !Private.Any(network => network.Contains(plain)));
    }
}
