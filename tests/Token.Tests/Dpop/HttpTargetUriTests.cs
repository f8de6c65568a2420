using Pltfrms.Iam.Token.Dpop;

namespace Token.Tests.Dpop;

public sealed class HttpTargetUriTests
{
    [Theory]
    [InlineData("https://as.example/token", "https://as.example/token")]
    [InlineData("HTTPS://AS.Example/token", "https://as.example/token")]
    [InlineData("https://as.example:443/token", "https://as.example/token")]
    [InlineData("http://as.example:80/token", "http://as.example/token")]
    [InlineData("https://as.example:8443/token", "https://as.example:8443/token")]
    [InlineData("https://as.example", "https://as.example/")]
    [InlineData("https://as.example/a/./b/../token?x=1#y", "https://as.example/a/token")]
    [InlineData("https://as.example/Token", "https://as.example/Token")]
    [InlineData("https://as.example/token/", "https://as.example/token/")]
    [InlineData("https://as.example/a%2Fb", "https://as.example/a%2Fb")]
    [InlineData("https://[::1]:443/token", "https://[::1]/token")]
    public void Addresses_that_mean_the_same_are_written_the_same(string address, string normal) => Assert.Equal(normal, HttpTargetUri.Normalize(address));

    [Theory]
    [InlineData("")]
    [InlineData("/token")]
    [InlineData("//as.example/token")]
    [InlineData("as.example/token")]
    [InlineData("https://user@as.example/token")]
    [InlineData("https://user:password@as.example/token")]
    [InlineData("ftp://as.example/token")]
    [InlineData("httpx://as.example/token")]
    [InlineData("https:")]
    [InlineData("https://")]
    [InlineData("https://as.example:99999/token")]
    [InlineData(" https://as.example/token")]
    public void What_is_no_address_of_HTTP_is_none(string address) => Assert.Null(HttpTargetUri.Normalize(address));

    [Fact]
    public void An_address_that_nobody_would_write_is_none() => Assert.Null(HttpTargetUri.Normalize("https://as.example/" + new string('x', 2048)));
}
