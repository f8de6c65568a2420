using System.Net;
using Pltfrms.Iam.Common.Permissions;

namespace Common.Tests.Permissions;

public sealed class SourceNetworksTests
{
    [Theory]
    [InlineData("10.0.0.0/8", "10.255.0.1", true)]
    [InlineData("10.0.0.0/8", "11.0.0.1", false)]
    [InlineData("192.0.2.7/32", "192.0.2.7", true)]
    [InlineData("192.0.2.7/32", "192.0.2.8", false)]
    [InlineData("0.0.0.0/0", "203.0.113.9", true)]
    [InlineData("0.0.0.0/0", "::1", false)]
    [InlineData("10.0.0.0/8", "::ffff:10.1.2.3", true)]
    [InlineData("::ffff:10.0.0.0/104", "10.1.2.3", true)]
    [InlineData("::ffff:10.0.0.0/104", "::ffff:11.1.2.3", false)]
    [InlineData("2001:db8::/32", "2001:db8:1::1", true)]
    [InlineData("2001:db8::/32", "2001:db9::1", false)]
    [InlineData("::/0", "10.1.2.3", false)]
    [InlineData("10.0.0.1/8", "10.9.9.9", true)]
    [InlineData("10.0.0.1/8", "11.0.0.1", false)]
    [InlineData("10.0.0.0/33", "10.0.0.0", false)]
    [InlineData("10.0.0.1", "10.0.0.1", false)]
    [InlineData("", "10.0.0.1", false)]
    public void An_address_is_in_a_network_or_not(string network, string address, bool expected) =>
        Assert.Equal(expected, SourceNetworks.Contain([network], IPAddress.Parse(address)));

    [Fact]
    public void One_network_of_several_is_enough() =>
        Assert.True(SourceNetworks.Contain(["garbage", "192.0.2.0/24", "10.0.0.0/8"], IPAddress.Parse("10.1.2.3")));

    [Fact]
    public void An_unknown_address_is_in_no_network() => Assert.False(SourceNetworks.Contain(["0.0.0.0/0", "::/0"], null));
}
