using System.Net;

namespace Pltfrms.Iam.Common.Permissions;

/// <summary>Networks in CIDR notation (RFC 4632 section 3.1, RFC 4291 section 2.3).</summary>
public static class SourceNetworks
{
    private const int MappedPrefixLength = 96;

    /// <summary>
    /// Whether one of the networks contains the address. An IPv4 address that came in as an IPv6 one (RFC 4291 section 2.5.5.2) is IPv4 here.
    /// An unknown address is in no network, and nothing is in a network that cannot be read.
    /// </summary>
    public static bool Contain(ValueList<string> networks, IPAddress? address)
    {
        if (address is null)
        {
            return false;
        }

        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        foreach (var text in networks)
        {
            if (IPNetwork.TryParse(text, out var network) && Unmapped(network).Contains(plain))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether every address of the networks is in one of the wider ones. No networks at all mean every address.</summary>
    public static bool ContainAll(ValueList<string> wider, ValueList<string> networks) =>
        wider.Count == 0
        || (networks.Count > 0 && networks.All(text => IPNetwork.TryParse(text, out var inner) && wider.Any(other => Contains(other, Unmapped(inner)))));

    private static bool Contains(string wider, IPNetwork inner) =>
        IPNetwork.TryParse(wider, out var outer) && Unmapped(outer) is var plain
        && plain.PrefixLength <= inner.PrefixLength && plain.Contains(inner.BaseAddress);

    private static IPNetwork Unmapped(IPNetwork network) =>
        network.BaseAddress.IsIPv4MappedToIPv6 && network.PrefixLength >= MappedPrefixLength
            ? new(network.BaseAddress.MapToIPv4(), network.PrefixLength - MappedPrefixLength)
            : network;
}
