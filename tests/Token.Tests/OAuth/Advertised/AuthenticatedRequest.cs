using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Testing;
using Token.Tests.Authorization;
using Token.Tests.Hosting;
using Answer = Token.Tests.OAuth.Advertised.AdvertisedServer.Answer;

namespace Token.Tests.OAuth.Advertised;

/// <summary>A client that shows who it is, in each way that there is and some that there are not.</summary>
internal static class AuthenticatedRequest
{
    private static readonly (string, string) AssertionType = ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");

    private static readonly string HmacAssertion = $"{Base64Url.EncodeToString("{\"alg\":\"HS256\"}"u8)}.e30.AA";

    /// <summary>A request that is good but for how the client shows who it is.</summary>
    public static async Task<Answer> SendAsync(AdvertisedServer server, string endpoint, string method, string algorithm = "ES256")
    {
        var isPublic = method == "none";
        var (clientId, secret) = endpoint switch
        {
            "introspection_endpoint" => ("demo-api", TestRealm.ApiSecret),
            "device_authorization_endpoint" => isPublic ? ("demo-tv", "") : ("secret-tv", TestRealm.ServiceSecret),
            _ => isPublic ? ("demo-spa", "") : (AdvertisedRealm.Client, TestRealm.WebSecret),
        };
        var form = await FormAsync(server, endpoint, clientId);
        var address = server.Text(endpoint);
        return method switch
        {
            "client_secret_basic" => await server.PostAsync(address, TokenReplica.Basic(clientId, secret), form),
            "client_secret_post" => await server.PostAsync(address, null, [.. form, ("client_secret", secret)]),
            "Bearer" => await server.PostAsync(address, new AuthenticationHeaderValue("Bearer", await CredentialAsync(server)), form),
            "private_key_jwt" => await server.PostAsync(address, null, [.. form, AssertionType, ("client_assertion", Assertion(server, clientId, algorithm))]),
            "client_secret_jwt" => await server.PostAsync(address, null, [.. form, AssertionType, ("client_assertion", HmacAssertion)]),
            _ => await server.PostAsync(address, null, form),
        };
    }

    private static string Assertion(AdvertisedServer server, string clientId, string algorithm) => AdvertisedRealm.Keys[algorithm].Sign([], new JsonObject
    {
        ["iss"] = clientId,
        ["sub"] = clientId,
        ["aud"] = server.Issuer,
        ["exp"] = new FakeClock().GetUtcNow().ToUnixTimeSeconds() + 60,
        ["jti"] = $"{Guid.NewGuid()}",
    });

    private static async Task<(string, string)[]> FormAsync(AdvertisedServer server, string endpoint, string clientId) => endpoint switch
    {
        "token_endpoint" =>
        [
            ("client_id", clientId), ("grant_type", "authorization_code"), ("redirect_uri", FlowBench.Callback), ("code_verifier", FlowBench.Verifier),
            ("code", (await server.LogInAsync(await server.AuthorizeAsync(("client_id", clientId)))).Parameter("code")!),
        ],
        "pushed_authorization_request_endpoint" => [.. FlowBench.Parameters(clientId).Select(p => (p.Key, p.Value))],
        "device_authorization_endpoint" => [("client_id", clientId), ("scope", "invoices.read")],
        _ => [("client_id", clientId), ("token", "x")],
    };

    private static async Task<string> CredentialAsync(AdvertisedServer server) => (await server.PostAsync(
        server.Text("token_endpoint"), TokenReplica.Basic("demo-api", TestRealm.ApiSecret), ("grant_type", "client_credentials"))).Json.GetProperty("access_token").GetString()!;
}
