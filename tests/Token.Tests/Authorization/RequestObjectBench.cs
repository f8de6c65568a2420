using System.Text.Json.Nodes;
using Pltfrms.Iam.Common.Realms.Model;
using Testing;
using Token.Tests.ClientAuthentication;
using Token.Tests.Hosting;

namespace Token.Tests.Authorization;

/// <summary>Clients that sign what they ask for, with keys of every algorithm.</summary>
internal sealed class RequestObjectBench : IDisposable
{
    public const string Par = "/realms/demo/oauth2/par";

    public static readonly ClientKey Key = ClientKey.Of("ES256", "first");
    public static readonly ClientKey Strong = ClientKey.Of("ES384", "second");
    public static readonly ClientKey Rsa = ClientKey.Of("PS256", "third");
    public static readonly ClientKey OldRsa = ClientKey.Of("RS256", "fourth");
    public static readonly ClientKey Foreign = ClientKey.Of("ES256", "first");

    public required FlowBench Flow { get; init; }

    public required TestBrowser Browser { get; init; }

    public static async Task<RequestObjectBench> StartAsync(FlowBench flow)
    {
        var signer = TestRealm.Client("demo", "signer", ["invoices.read"], TestRealm.WebSecret) with
        {
            ClientType = ClientType.Web,
            GrantTypes = ["authorization_code"],
            RedirectUris = [FlowBench.Callback],
            Jwks = ClientKey.SetOf(Key, Strong, Rsa, OldRsa),
        };
        var revision = flow.Realms.Change(
            "demo",
            signer,
            signer with { ClientId = "always-signs", RequireSignedRequestObject = true },
            signer with { ClientId = "always-pushes", RequirePushedAuthorizationRequests = true },
            signer with { ClientId = "other-signer", Jwks = ClientKey.SetOf(Foreign) });
        await flow.One.ReachAsync("demo", revision);
        return new RequestObjectBench { Flow = flow, Browser = flow.Browser() };
    }

    public long Now() => Flow.Clock.GetUtcNow().ToUnixTimeSeconds();

    public JsonObject Claims() => Claims(Now());

    public static JsonObject Claims(long now) => new()
    {
        ["iss"] = "signer",
        ["aud"] = FlowBench.Issuer,
        ["exp"] = now + 300,
        ["nbf"] = now,
        ["iat"] = now,
        ["jti"] = "one",
        ["client_id"] = "signer",
        ["response_type"] = "code",
        ["redirect_uri"] = FlowBench.Callback,
        ["scope"] = "invoices.read",
        ["state"] = "signed",
        ["code_challenge"] = FlowBench.Challenge,
        ["code_challenge_method"] = "S256",
        ["prompt"] = "none",
        ["claims"] = new JsonObject { ["userinfo"] = new JsonObject() },
    };

    public static JsonObject With(JsonObject claims, string name, JsonNode? value)
    {
        claims.Remove(name);
        if (value is not null)
        {
            claims[name] = value;
        }

        return claims;
    }

    public Task<TestBrowser.Page> AuthorizeAsync(string requestObject, params (string Name, string Value)[] beside) => Browser.GetAsync(FlowBench.Address(
        beside.Append(("client_id", "signer")).Append(("request", requestObject)).ToDictionary(p => p.Item1, p => p.Item2)));

    public Task<HttpResponseMessage> PushAsync(string clientId, string requestObject, params (string Name, string Value)[] beside) =>
        Flow.One.PostAsync(Par, TokenReplica.Basic(clientId, TestRealm.WebSecret), [("request", requestObject), .. beside]);

    public void Dispose() => Browser.Dispose();
}
