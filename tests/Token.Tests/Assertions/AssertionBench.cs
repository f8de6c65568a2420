using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.Assertions;
using Pltfrms.Iam.Token.Exchange;
using Pltfrms.Iam.Token.Grants;
using Pltfrms.Iam.Token.Tokens;
using Testing;
using Testing.Databases;
using Token.Tests.Authorization;
using Token.Tests.ClientAuthentication;
using Token.Tests.Hosting;

namespace Token.Tests.Assertions;

/// <summary>A <see cref="FlowBench"/> whose realm demo takes the word of a partner, and of the realm other.</summary>
internal sealed class AssertionBench : IAsyncDisposable
{
    public const string Partner = "https://login.partner.example";
    public const string Presenter = "presenter";
    public const string Web = "other-web";

    private readonly Dictionary<string, long> _revisions = [];

    public static ClientKey Key { get; } = ClientKey.Of("ES256", "first");

    /// <summary>The partner as it is registered where a test does not say otherwise.</summary>
    public static AssertionIssuer Registered { get; } = new()
    {
        Name = "partner",
        Issuer = Partner,
        Jwks = ClientKey.SetOf(Key),
        ClientIds = [Presenter, "shown"],
        Scopes = ["bookkeeping", "files.read", "invoices.read"],
    };

    /// <summary>The realm other, whose scope demo.read stands for invoices.read here.</summary>
    public static AssertionIssuer Trusted { get; } = new()
    {
        Name = "other",
        TrustedRealmId = "other",
        ClientIds = [Presenter],
        Scopes = ["invoices.read"],
        SubjectClientIds = [Web],
        Rules = [new() { Name = "readers", Claims = [new() { Claim = "scope", Values = ["demo.read"] }], Scopes = ["invoices.read"] }],
    };

    public required FlowBench Flow { get; init; }

    public static async Task<AssertionBench> StartAsync(TestDatabase database)
    {
        var bench = new AssertionBench { Flow = await FlowBench.StartAsync(database) };
        await bench.ChangeAsync(
            "demo",
            Client(Presenter),
            Client("stranger"),
            Client("no-grant") with { GrantTypes = ["client_credentials"] },
            TestRealm.Client("demo", "shown", ["invoices.read"]) with { GrantTypes = [JwtBearerGrant.Name] },
            Named("carol"), Named("alice"), Named("dave") with { Disabled = true },
            TestRealm.Binding("demo", "b-presenter", MemberType.Client, Presenter, "viewer", null));
        await bench.ChangeAsync(
            "other",
            new ResourceServer { RealmId = "other", Audience = FlowBench.Issuer, Permissions = [new() { Name = "demo.read" }, new() { Name = "demo.write" }] },
            TestRealm.Client("other", Web, ["demo.read", "demo.write", "invoices.read"], TestRealm.WebSecret),
            TestRealm.Client("other", "other-app", ["demo.read"], TestRealm.WebSecret));
        await bench.SetAsync(Registered, Trusted);
        return bench;
    }

    public ValueTask DisposeAsync() => Flow.DisposeAsync();

    /// <summary>A confidential client that may use assertions and exchange tokens.</summary>
    public static Client Client(string clientId) =>
        TestRealm.Client("demo", clientId, ["invoices.read", "invoices.create", "files.read", "bookkeeping", .. IamPermissions.Assignable], TestRealm.ServiceSecret) with
        {
            GrantTypes = ["client_credentials", JwtBearerGrant.Name, TokenExchangeGrant.Name],
        };

    /// <summary>A user of demo whom the partner and the realm other know as sub-carol and so on.</summary>
    public static User Named(string userId) => TestRealm.Resources("demo").OfType<User>().Single(user => user.UserId == userId) with
    {
        ExternalIdentities =
        [
            new() { Issuer = FlowBench.PublicAddress + "/realms/other", Subject = userId },
            new() { Issuer = Partner, Subject = $"sub-{userId}" },
        ],
    };

    public Task SetAsync(params AssertionIssuer[] issuers) => SetAsync(realm => realm with { AssertionIssuers = [.. issuers] });

    public Task SetAsync(Func<Realm, Realm> change, string realmId = "demo") => ChangeAsync(realmId, change(Flow.Realms.Resources(realmId).OfType<Realm>().Single()));

    public async Task ChangeAsync(string realmId, params IRealmResource[] resources)
    {
        var revision = Flow.Realms.Change(realmId, resources);
        _revisions[realmId] = revision;
        await Task.WhenAll(Flow.One.ReachAsync(realmId, revision), Flow.Two.ReachAsync(realmId, revision));
    }

    /// <summary>Claims that nothing is wrong with, each with an id of its own.</summary>
    public JsonObject Claims(string subject = "sub-carol") => ClaimsFor(FlowBench.Issuer, Now(), subject);

    public static JsonObject ClaimsFor(string audience, long now, string subject = "sub-carol") => new()
    {
        ["iss"] = Partner,
        ["sub"] = subject,
        ["aud"] = audience,
        ["exp"] = now + 60,
        ["iat"] = now,
        ["jti"] = $"{Guid.NewGuid()}",
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

    public long Now() => Flow.Clock.GetUtcNow().ToUnixTimeSeconds();

    public string Good(string subject = "sub-carol") => Key.Sign([], Claims(subject));

    public Task<JsonElement> TryAsync(string assertion, params (string Name, string Value)[] parameters) => TryAsync(Presenter, assertion, parameters);

    public Task<JsonElement> TryAsync(string clientId, string assertion, params (string Name, string Value)[] parameters) =>
        TryAsync(Flow.One, clientId, assertion, parameters);

    /// <summary>The answer of the token endpoint to an assertion.</summary>
    public static async Task<JsonElement> TryAsync(TokenReplica replica, string clientId, string assertion, params (string Name, string Value)[] parameters)
    {
        using var response = await replica.PostAsync(
            "/realms/demo/oauth2/token",
            TokenReplica.Basic(clientId, TestRealm.ServiceSecret),
            [("grant_type", JwtBearerGrant.Name), ("assertion", assertion), .. parameters]);
        return await TokenReplica.JsonAsync(response);
    }

    /// <summary>The answer of the token endpoint to a subject token.</summary>
    public static async Task<JsonElement> ExchangeAsync(TokenReplica replica, string clientId, string token, params (string Name, string Value)[] parameters)
    {
        using var response = await replica.PostAsync(
            "/realms/demo/oauth2/token",
            TokenReplica.Basic(clientId, TestRealm.ServiceSecret),
            [
                ("grant_type", TokenExchangeGrant.Name), ("subject_token", token),
                ("subject_token_type", "urn:ietf:params:oauth:token-type:access_token"), .. parameters,
            ]);
        return await TokenReplica.JsonAsync(response);
    }

    /// <summary>The new token.</summary>
    public async Task<string> IssueAsync(string assertion, params (string Name, string Value)[] parameters)
    {
        var answer = await TryAsync(assertion, parameters);
        Assert.True(answer.TryGetProperty("access_token", out var token), answer.GetRawText());
        return token.GetString()!;
    }

    public async Task<string> RefusalAsync(string assertion, params (string Name, string Value)[] parameters) => ErrorOf(await TryAsync(assertion, parameters));

    public static string ErrorOf(JsonElement answer) => answer.TryGetProperty("error", out var error) ? error.GetString()! : answer.GetRawText();

    /// <summary>What the other replica knows of a token.</summary>
    public async Task<JsonElement> IntrospectAsync(string token) => JsonDocument.Parse(await Flow.Two.IntrospectAsync("demo", token)).RootElement;

    /// <summary>The same once the replica that is asked has heard of what the token's request made.</summary>
    public async Task<JsonElement> IntrospectHeardAsync(string token)
    {
        await Waiting.UntilAsync(() => IsActiveAsync(token));
        return await IntrospectAsync(token);
    }

    public async Task<bool> IsActiveAsync(string token) => (await IntrospectAsync(token)).GetProperty("active").GetBoolean();

    /// <summary>A token of the realm other for demo's issuer, as its code flow would have made it.</summary>
    public Task<string> TheirTokenAsync(params string[] scopes) => TheirTokenAsync(access => access with { Scopes = scopes.Length > 0 ? scopes : ["demo.read"] });

    public async Task<string> TheirTokenAsync(Func<GrantedAccess, GrantedAccess> change, string clientId = Web)
    {
        var access = change(new GrantedAccess { Subject = Principal.User("carol"), Scopes = ["demo.read"], Audiences = [FlowBench.Issuer] });
        return await IssueAsync("other", clientId, access);
    }

    /// <summary>A token of demo that comes of an assertion which nobody ever made.</summary>
    public Task<string> IssueHereAsync(AssertionSource source) => IssueAsync(
        "demo", Presenter, new GrantedAccess { Subject = Principal.User("carol"), Scopes = ["invoices.read"], Audiences = [TestRealm.Api], Assertion = source });

    /// <summary>A replica of its own with a realm that the others do not know.</summary>
    public async Task<TokenReplica> StartReplicaAsync(TestDatabase database, string realmId, IReadOnlyList<IRealmResource> resources)
    {
        var realms = new TestRealmFeed();
        realms.Set("demo", Flow.Realms.Resources("demo"));
        realms.Set(realmId, resources);
        var settings = new Dictionary<string, string?>(database.Settings) { ["Token:PublicAddress"] = FlowBench.PublicAddress };
        return await TokenReplica.StartAsync(settings, realms, Flow.Clock);
    }

    private async Task<string> IssueAsync(string realmId, string clientId, GrantedAccess access)
    {
        var services = Flow.One.Services;
        var realm = await services.GetRequiredService<RealmSnapshots>().GetAsync(realmId, _revisions[realmId], CancellationToken.None);
        var issued = await services.GetRequiredService<AccessTokenIssuer>().IssueAsync(realm, realm.FindClient(clientId)!, access, CancellationToken.None);
        return issued.AccessToken;
    }
}
