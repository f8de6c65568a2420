using System.Net;
using Pltfrms.Iam.Token.Upstream;

namespace Token.Tests.Upstream;

/// <summary>Where the service connects to because an administrator of a realm said so.</summary>
public sealed class AddressGuardTests
{
    [Theory]
    [InlineData("93.184.216.34", true, true, true)]
    [InlineData("2606:2800:220:1::1", true, true, true)]
    [InlineData("127.0.0.1", false, false, true)]
    [InlineData("127.8.0.1", false, false, true)]
    [InlineData("::1", false, false, true)]
    [InlineData("::ffff:127.0.0.1", false, false, true)]
    [InlineData("10.1.2.3", false, true, false)]
    [InlineData("::ffff:10.1.2.3", false, true, false)]
    [InlineData("172.31.255.255", false, true, false)]
    [InlineData("172.32.0.1", true, true, true)]
    [InlineData("192.168.1.1", false, true, false)]
    [InlineData("100.64.0.1", false, true, false)]
    [InlineData("fd00::1", false, true, false)]
    [InlineData("169.254.169.254", false, false, false)]
    [InlineData("::ffff:169.254.169.254", false, false, false)]
    [InlineData("fe80::1", false, false, false)]
    [InlineData("0.0.0.0", false, false, false)]
    [InlineData("::", false, false, false)]
    [InlineData("224.0.0.1", false, false, false)]
    [InlineData("255.255.255.255", false, false, false)]
    [InlineData("64:ff9b::7f00:1", false, false, false)]
    [InlineData("2002:7f00:1::", false, false, false)]
    public void Connects_to_the_world_and_elsewhere_only_where_an_operator_allows_it(string text, bool usually, bool onPrivateNetworks, bool inDevelopment)
    {
        var address = IPAddress.Parse(text);

        Assert.Equal(
            (usually, onPrivateNetworks, inDevelopment),
            (new AddressGuard(loopback: false, privateNetworks: false).Allows(address),
                new AddressGuard(loopback: false, privateNetworks: true).Allows(address),
                new AddressGuard(loopback: true, privateNetworks: false).Allows(address)));
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/.well-known/openid-configuration")]
    [InlineData("http://localhost:1/")]
    [InlineData("https://[::1]:1/")]
    public async Task A_provider_on_this_machine_is_not_connected_to_in_production(string address)
    {
        using var http = new ProviderHttp(new Pltfrms.Iam.Token.TokenOptions { PublicAddress = "https://iam.example" });

        var refusal = await Assert.ThrowsAsync<ProviderException>(() => http.GetAsync(address, CancellationToken.None));

        Assert.Contains("on a network that providers may not be on", refusal.ToString());
    }
}
