using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.Dpop;
using Pltfrms.Iam.Token.Exchange;
using Pltfrms.Iam.Token.Grants;
using Testing.Databases;
using Token.Tests.Authorization;
using Token.Tests.ClientAuthentication;
using Token.Tests.Hosting;

namespace Token.Tests.Dpop;

/// <summary>
/// Two replicas with clients of each kind that may prove to have a key or must, and four realms: one that leaves it to its clients, one that demands
/// proofs, one that demands nonces, and one with a host name of its own.
/// </summary>
internal sealed class DpopBench : IAsyncDisposable
{
    public const string Free = "demo";
    public const string Strict = "strict";
    public const string Nonces = "nonces";
    public const string Own = "own";
    public const string OwnHost = "login.own.example";

    public required FlowBench Flow { get; init; }

    public TokenReplica One => Flow.One;

    public TokenReplica Two => Flow.Two;

    public static ClientKey Key { get; } = ClientKey.Of("ES256", "proofs");

    public static ClientKey OtherKey { get; } = ClientKey.Of("ES256", "others");

    public static string Thumbprint { get; } = ProofMaker.ThumbprintOf(Key);

    public static async Task<DpopBench> StartAsync(TestDatabase database)
    {
        var flow = await FlowBench.StartAsync(database);
        flow.Consent.KnowsTheAnswer = true;
        await SetAsync(flow, Free, new DpopSettings(), hostName: null);
        await SetAsync(flow, Strict, new DpopSettings { Required = true }, hostName: null);
        await SetAsync(flow, Nonces, new DpopSettings { RequireNonce = true }, hostName: null);
        await SetAsync(flow, Own, new DpopSettings(), OwnHost);
        return new DpopBench { Flow = flow };
    }

    /// <summary>Where metadata says that a realm's endpoint is.</summary>
    public static string Address(string realmId, string path) =>
        realmId == Own ? $"http://{OwnHost}{path}" : $"{FlowBench.PublicAddress}/realms/{realmId}{path}";

    public ProofMaker Proofs(string realmId = Free, string path = "/oauth2/token", ClientKey? key = null) =>
        new(key ?? Key, "POST", Address(realmId, path), Flow.Clock.GetUtcNow());

    /// <summary>For a request to somebody's API.</summary>
    public ProofMaker ApiProofs(string accessToken, ClientKey? key = null) =>
        new(key ?? Key, "GET", "http://api.demo.example/invoices/1", Flow.Clock.GetUtcNow()) { AccessToken = accessToken };

    public static async Task<HttpResponseMessage> PostAsync(
        TokenReplica replica, string realmId, string path, AuthenticationHeaderValue? authorization, string[] proofs, params (string Name, string Value)[] form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/realms/{realmId}{path}")
        {
            Content = new ByteArrayContent(Encoding.ASCII.GetBytes(string.Join('&', form.Select(p => $"{Uri.EscapeDataString(p.Name)}={Uri.EscapeDataString(p.Value)}"))))
            {
                Headers = { ContentType = new("application/x-www-form-urlencoded") },
            },
        };
        request.Headers.Authorization = authorization;
        request.Headers.TryAddWithoutValidation("DPoP", proofs);
        return await replica.Http.SendAsync(request);
    }

    /// <summary>client_credentials of a machine.</summary>
    public static Task<HttpResponseMessage> PostAsync(TokenReplica replica, string realmId, params string[] proofs) =>
        PostAsync(replica, realmId, "/oauth2/token", Machine, proofs, ("grant_type", ClientCredentialsGrant.Name));

    public static AuthenticationHeaderValue Machine => TokenReplica.Basic("machine", TestRealm.ServiceSecret);

    /// <summary>A machine's access token that is bound to the usual key.</summary>
    public async Task<string> BoundTokenAsync(string realmId = Free)
    {
        using var response = await PostAsync(One, realmId, Proofs(realmId).Make());
        return (await SuccessAsync(response)).GetProperty("access_token").GetString()!;
    }

    /// <summary>A token of the client that may introspect and check, bound to the usual key.</summary>
    public async Task<string> CallerTokenAsync(string realmId = Free)
    {
        var proof = Proofs(realmId).With("nonce", realmId == Nonces ? One.Services.GetRequiredService<DpopNonces>().Current(realmId) : null);
        using var response = await PostAsync(
            One, realmId, "/oauth2/token", TokenReplica.Basic("demo-api", TestRealm.ApiSecret), [proof], ("grant_type", ClientCredentialsGrant.Name));
        return (await SuccessAsync(response)).GetProperty("access_token").GetString()!;
    }

    /// <summary>For a call to a method of the first replica with a token.</summary>
    public ProofMaker CallProofs(string accessToken, string method = "TokenService/IntrospectToken", ClientKey? key = null) =>
        new(key ?? Key, "POST", $"{One.GrpcAddress}/pltfrms.iam.token.v1.{method}", Flow.Clock.GetUtcNow()) { AccessToken = accessToken };

    /// <summary>What such a call carries.</summary>
    public static Metadata Bound(string accessToken, string proof) => new() { { "authorization", $"DPoP {accessToken}" }, { "dpop", proof } };

    public static async Task<JsonElement> SuccessAsync(HttpResponseMessage response)
    {
        var json = await TokenReplica.JsonAsync(response);
        Assert.True(response.IsSuccessStatusCode, json.GetRawText());
        return json;
    }

    /// <summary>A code for a client whose user has agreed before.</summary>
    public async Task<string> CodeAsync(string clientId, params (string Name, string Value)[] more)
    {
        using var browser = Flow.Browser();
        var parameters = FlowBench.Parameters(clientId);
        foreach (var (name, value) in more)
        {
            parameters[name] = value;
        }

        var page = await Flow.LogInAsync(browser, parameters);
        return page.Parameter("code") ?? throw new InvalidOperationException(page.Location);
    }

    public Task<HttpResponseMessage> RedeemAsync(string clientId, string code, params string[] proofs) => AskAsync(
        clientId, proofs, ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", FlowBench.Callback), ("code_verifier", FlowBench.Verifier));

    public Task<HttpResponseMessage> RefreshAsync(string clientId, string refreshToken, params string[] proofs) =>
        AskAsync(clientId, proofs, ("grant_type", "refresh_token"), ("refresh_token", refreshToken));

    public ValueTask DisposeAsync() => Flow.DisposeAsync();

    /// <summary>As the client that authenticates with its secret, or as the public one.</summary>
    private Task<HttpResponseMessage> AskAsync(string clientId, string[] proofs, params (string Name, string Value)[] form) => clientId == "web"
        ? PostAsync(Two, Free, "/oauth2/token", TokenReplica.Basic(clientId, TestRealm.WebSecret), proofs, form)
        : PostAsync(Two, Free, "/oauth2/token", null, proofs, [.. form, ("client_id", clientId)]);

    private static async Task SetAsync(FlowBench flow, string realmId, DpopSettings settings, string? hostName)
    {
        var realm = new Realm
        {
            RealmId = realmId,
            HostName = hostName,
            AccessTokenLifetime = TimeSpan.FromMinutes(5),
            Dpop = settings,
            TokenExchange = new() { Rules = [new() { Name = "anything" }] },
        };
        if (realmId != Free)
        {
            flow.Realms.Set(realmId, TestRealm.Resources(realmId));
        }

        var machine = TestRealm.Client(realmId, "machine", ["invoices.read", "files.read"], TestRealm.ServiceSecret) with
        {
            GrantTypes = [ClientCredentialsGrant.Name, TokenExchangeGrant.Name],
        };
        var web = TestRealm.Client(realmId, "web", ["invoices.read"], TestRealm.WebSecret) with
        {
            ClientType = ClientType.Web,
            GrantTypes = ["authorization_code", "refresh_token"],
            RedirectUris = [FlowBench.Callback],
        };
        var revision = flow.Realms.Change(
            realmId,
            realm,
            machine,
            machine with { ClientId = "opaque", AccessTokenFormat = AccessTokenFormat.Opaque },
            machine with { ClientId = "bound", DpopBoundAccessTokens = true },
            web,
            web with { ClientId = "spa", ClientType = ClientType.Public, Secrets = [] },
            TestRealm.Binding(realmId, "b-machine", MemberType.Client, "machine", "viewer", null));
        await Task.WhenAll(flow.One.ReachAsync(realmId, revision), flow.Two.ReachAsync(realmId, revision));
    }
}
