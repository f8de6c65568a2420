using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.Assertions;
using Pltfrms.Iam.Token.Exchange;
using Token.Tests.Assertions;
using Token.Tests.Authorization;
using Token.Tests.ClientAuthentication;
using Token.Tests.Hosting;

namespace Token.Tests.OAuth.Advertised;

/// <summary>A realm with a client for everything that metadata can advertise.</summary>
internal static class AdvertisedRealm
{
    public const string Client = "demo-web";

    public static Dictionary<string, ClientKey> Keys { get; } =
        new[] { "ES256", "ES384", "PS256", "RS256" }.ToDictionary(algorithm => algorithm, algorithm => ClientKey.Of(algorithm, algorithm));

    public static IRealmResource[] Changes(string realmId, string? hostName) =>
    [
        new Realm
        {
            RealmId = realmId,
            HostName = hostName,
            AccessTokenLifetime = TimeSpan.FromMinutes(5),
            AcrValues = ["low", "high"],
            LoginSettings = new() { CustomLoginUri = "https://login.example/start?tenant=1" },
            TokenExchange = hostName is null ? new() : new() { Rules = [new() { Name = "anything" }] },
            AssertionIssuers = hostName is null ? [] : [AssertionBench.Registered with { ClientIds = ["bearer"], Subject = AssertionSubject.PresentingClient }],
        },
        TestRealm.Client(realmId, "exchanger", ["invoices.read"], TestRealm.ServiceSecret) with { GrantTypes = ["client_credentials", TokenExchangeGrant.Name] },
        TestRealm.Client(realmId, "bearer", ["invoices.read"], TestRealm.ServiceSecret) with { GrantTypes = [JwtBearerGrant.Name] },
        TestRealm.Client(realmId, Client, ["invoices.read"], TestRealm.WebSecret) with
        {
            ClientType = ClientType.Web,
            GrantTypes = ["authorization_code", "refresh_token"],
            RedirectUris = [FlowBench.Callback],
            Jwks = ClientKey.SetOf([.. Keys.Values]),
        },
        TestRealm.Client(realmId, "demo-spa", ["invoices.read"]) with { GrantTypes = ["authorization_code"], RedirectUris = [FlowBench.Callback] },
        TestRealm.Client(realmId, "demo-tv", ["invoices.read"]) with { GrantTypes = ["urn:ietf:params:oauth:grant-type:device_code"] },
        TestRealm.Client(realmId, "secret-tv", ["invoices.read"], TestRealm.ServiceSecret) with
        {
            ClientType = ClientType.Web,
            GrantTypes = ["urn:ietf:params:oauth:grant-type:device_code"],
            Jwks = ClientKey.SetOf([.. Keys.Values]),
        },
        TestRealm.Client(realmId, "demo-api", [IamPermissions.TokensIntrospect], TestRealm.ApiSecret) with { Jwks = ClientKey.SetOf([.. Keys.Values]) },
    ];
}
