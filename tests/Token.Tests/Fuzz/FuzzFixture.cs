using Microsoft.Extensions.DependencyInjection;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.Registration;
using Testing;
using Testing.Databases;
using Token.Tests.Authorization;
using Token.Tests.ClientAuthentication;
using Token.Tests.Hosting;

namespace Token.Tests.Fuzz;

/// <summary>A token service whose limits of rate are out of the way, and clients of all kinds.</summary>
public abstract class FuzzFixture(TestDatabase database) : IAsyncLifetime
{
    internal TokenReplica Service { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (PostgresInstallation.SkipReason is not null && database is not SqliteTestDatabase)
        {
            return;
        }

        await database.InitializeAsync();
        var realms = new TestRealmFeed();
        realms.Set("demo", TestRealm.Resources("demo"));
        realms.Change(
            "demo",
            realms.Resources("demo").OfType<Realm>().Single() with { ClientRegistration = new() { Mode = ClientRegistrationMode.Open } },
            TestRealm.Client("demo", "demo-web", ["invoices.read"], TestRealm.WebSecret) with
            {
                DisplayName = "Web\r\nX-Injected: name <script>",
                ClientType = ClientType.Web,
                GrantTypes = ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"],
                RedirectUris = [FlowBench.Callback, "https://app.example/r\u00fcck?\u00e4=1", "https://app.example/\r\nX-Injected: registered"],
                Jwks = ClientKey.SetOf(ClientKey.Of("ES256", "k")),
            },
            TestRealm.Client("demo", "demo-spa", ["invoices.read"]) with { GrantTypes = ["authorization_code"], RedirectUris = [FlowBench.Callback] });
        realms.Set("other", TestRealm.Resources("other"));
        realms.Change(
            "other",
            new Realm { RealmId = "other", AcrValues = ["low"], AccessTokenLifetime = TimeSpan.FromMinutes(5), LoginSettings = new() { CustomLoginUri = "https://login.example/" } },
            TestRealm.Client("other", "demo-web", ["invoices.read"], TestRealm.WebSecret) with
            {
                ClientType = ClientType.Web,
                GrantTypes = ["authorization_code"],
                RedirectUris = [FlowBench.Callback],
            });
        var settings = new Dictionary<string, string?>(database.Settings)
        {
            ["Token:PublicAddress"] = FlowBench.PublicAddress,
            ["Token:DevelopmentLogin"] = "true",
            ["Token:RequestsPerAddressPerSecond"] = "1000000",
            ["Token:RequestsPerClientPerSecond"] = "1000000",
            ["Token:UserCodesPerAddressPerMinute"] = "1000000",
            ["Token:RegistrationsPerAddressPerMinute"] = "1000000",
        };
        Service = await TokenReplica.StartAsync(
            settings, realms, new FakeClock(), new TestConsent(), ServiceDescriptor.Singleton<IClientRegistrations>(new TestClientRegistrations()));
    }

    public async Task DisposeAsync()
    {
        if (Service is not null)
        {
            await Service.DisposeAsync();
            await database.DisposeAsync();
        }
    }

    /// <summary>A challenge of the realm <c>other</c>, which its login application would be asked about.</summary>
    internal async Task<string> ChallengeAsync()
    {
        using var browser = new TestBrowser(Service.Http.BaseAddress!, FlowBench.PublicAddress);
        var page = await browser.GetAsync(FlowBench.Address(FlowBench.Parameters(), "/realms/other/oauth2/authorize"));
        return page.Parameter("login_challenge") ?? throw new InvalidOperationException(page.Body);
    }
}

public sealed class SqliteFuzzFixture() : FuzzFixture(new SqliteTokenDatabase());

public sealed class PostgresFuzzFixture() : FuzzFixture(new PostgresTokenDatabase());
