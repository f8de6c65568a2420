using System.Buffers.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Pltfrms.Iam.Token.Keys;
using Token.Tests.Authorization;
using Token.Tests.Dpop;
using Token.Tests.Hosting;

namespace Token.Tests.OAuth.Advertised;

/// <summary>What the server signs is signed as advertised, with a key that it publishes.</summary>
public sealed class AdvertisedSignatureTests(FlowFixture fixture) : AdvertisedTests(fixture)
{
    [Theory]
    [MemberData(nameof(Realms))]
    public async Task Introspection_answers_are_signed_as_said_with_a_published_key(string realmId)
    {
        var server = Server(realmId);
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Text("introspection_endpoint"))
        {
            Headers = { Authorization = TokenReplica.Basic("demo-api", TestRealm.ApiSecret), Accept = { new("application/token-introspection+jwt") } },
            Content = new FormUrlEncodedContent([KeyValuePair.Create("token", "x")]),
        };

        var answer = await server.SendAsync(request);

        var header = JsonNode.Parse(Base64Url.DecodeFromChars(answer.Body.Split('.')[0]))!;
        Assert.Equal(server.List("introspection_signing_alg_values_supported"), [header["alg"]!.GetValue<string>()]);
        Assert.Contains(header["kid"]!.GetValue<string>(), (await server.GetAsync(server.Text("jwks_uri"))).Body);
    }

    [Theory]
    [MemberData(nameof(Realms))]
    public async Task Access_tokens_are_signed_with_each_algorithm_as_said_and_a_published_key(string realmId)
    {
        var server = Server(realmId);
        foreach (var algorithm in server.List("access_token_signing_alg_values_supported"))
        {
            var client = TestRealm.Client(realmId, $"signs-{algorithm}", ["invoices.read"], TestRealm.ServiceSecret) with { AccessTokenSignedResponseAlg = algorithm };
            await Bench.One.ReachAsync(realmId, Bench.Realms.Change(realmId, client));
            await Bench.One.Services.GetRequiredService<KeyChanges>().ProvideAsync(
                realmId, algorithm, TimeSpan.FromDays(90), TimeSpan.FromMinutes(5), CancellationToken.None);
            Bench.Clock.Advance(TimeSpan.FromSeconds(2));

            var answer = await server.PostAsync(
                server.Text("token_endpoint"), TokenReplica.Basic(client.ClientId, TestRealm.ServiceSecret), ("grant_type", "client_credentials"));

            var header = JsonNode.Parse(Base64Url.DecodeFromChars(answer.Json.GetProperty("access_token").GetString()!.Split('.')[0]))!;
            Assert.Equal(algorithm, header["alg"]!.GetValue<string>());
            Assert.Contains(header["kid"]!.GetValue<string>(), (await server.GetAsync(server.Text("jwks_uri"))).Body);
        }
    }

    [Theory]
    [MemberData(nameof(Realms))]
    public async Task Every_algorithm_of_proofs_is_verified_and_no_other(string realmId)
    {
        var server = Server(realmId);
        foreach (var (algorithm, key) in AdvertisedRealm.Keys)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, server.Text("token_endpoint"))
            {
                Headers = { Authorization = TokenReplica.Basic("exchanger", TestRealm.ServiceSecret) },
                Content = new FormUrlEncodedContent([KeyValuePair.Create("grant_type", "client_credentials")]),
            };
            request.Headers.Add("DPoP", new ProofMaker(key, "POST", server.Text("token_endpoint"), Bench.Clock.GetUtcNow()).Make());

            var answer = await server.SendAsync(request);

            var isSupported = server.List("dpop_signing_alg_values_supported").Contains(algorithm);
            Assert.Equal(isSupported ? (200, null) : (400, "invalid_dpop_proof"), (answer.Status, answer.Error));
        }
    }
}
