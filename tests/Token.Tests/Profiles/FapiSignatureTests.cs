using System.Buffers.Text;
using System.Text.Json;
using Token.Tests.Hosting;
using static Token.Tests.Profiles.FapiBench;

namespace Token.Tests.Profiles;

/// <summary>FAPI 2.0 section 5.4.1. On its own: the realm makes a key for it, and other classes take the clock along.</summary>
public sealed class FapiSignatureTests(FapiBench bench) : IClassFixture<FapiBench>
{
    [Fact]
    public async Task Tokens_are_signed_as_the_profile_has_it_whatever_the_client_asks_for()
    {
        using var response = await bench.PostAsync(TokenPath, bench.Assertion("old"), bench.Certificate, ("grant_type", "client_credentials"));
        var answer = await TokenReplica.JsonAsync(response);
        Assert.True(response.IsSuccessStatusCode, answer.GetRawText());
        var token = answer.GetProperty("access_token").GetString()!;

        Assert.Equal("PS256", JsonDocument.Parse(Base64Url.DecodeFromChars(token.Split('.')[0])).RootElement.GetProperty("alg").GetString());
    }
}
