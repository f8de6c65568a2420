using System.Net;
using Consent.Tests.Consents;
using Consent.Tests.Hosting;
using Pltfrms.Iam.Common.Realms.Model;
using Testing;
using Token.Tests.Hosting;
using static Consent.Tests.Hosting.DialogCalls;

namespace Consent.Tests.Pages;

/// <summary>Pages at realms' own host names, where a proxy sends them here.</summary>
public sealed class RealmHostTests : IAsyncLifetime
{
    private const string Shared = "consent.example";
    private const string Own = "login.acme.example";

    private readonly SqliteConsentDatabase _database = new();
    private readonly TestRealmFeed _realms = new();

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        _realms.Set("demo", ConsentRealm.Resources("demo"));
        Give("acme", Own);
        Give("globex", "login.globex.example");
        Give("greedy", Shared);
    }

    public Task DisposeAsync() => _database.DisposeAsync();

    [Theory]
    [InlineData("acme", Own)]
    [InlineData("demo", Shared)]
    [InlineData("greedy", Shared)]
    public async Task A_realm_with_a_host_name_has_its_pages_there(string realmId, string host)
    {
        await using var service = await StartAsync(("Consent:OnRealmHosts", "true"));

        var question = await AskAsync(service, realmId);
        var visit = await VisitAsync(service, realmId);

        Assert.StartsWith($"https://{host}/realms/{realmId}/consent/", question);
        Assert.StartsWith($"https://{host}/realms/{realmId}/account/visits/", visit);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(service, question, host));
    }

    [Fact]
    public async Task Without_the_switch_all_realms_have_their_pages_at_the_shared_address()
    {
        await using var service = await StartAsync();

        var question = await AskAsync(service, "acme");

        Assert.StartsWith($"https://{Shared}/realms/acme/consent/", question);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(service, question, "consent.internal:8082"));
    }

    [Theory]
    [InlineData(Own, HttpStatusCode.OK)]
    [InlineData("LOGIN.acme.example.:443", HttpStatusCode.OK)]
    [InlineData(Shared, HttpStatusCode.OK)]
    [InlineData("login.globex.example", HttpStatusCode.NotFound)]
    [InlineData("login.acme.example:8443", HttpStatusCode.NotFound)]
    [InlineData("evil.example", HttpStatusCode.NotFound)]
    public async Task At_the_host_of_one_realm_there_are_no_pages_of_another(string host, HttpStatusCode expected)
    {
        await using var service = await StartAsync(("Consent:OnRealmHosts", "true"));

        Assert.Equal(expected, await StatusAsync(service, await AskAsync(service, "acme"), host));
    }

    [Fact]
    public async Task A_realm_without_a_host_name_has_no_pages_at_another_realms()
    {
        await using var service = await StartAsync(("Consent:OnRealmHosts", "true"));

        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(service, await AskAsync(service, "demo"), Own));
    }

    [Fact]
    public async Task Only_a_proxy_may_say_which_host_was_asked_for()
    {
        await using var alone = await StartAsync(("Consent:OnRealmHosts", "true"));
        await using var behind = await StartAsync(("Consent:OnRealmHosts", "true"), ("Listen:BehindTlsProxy", "true"));

        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(alone, await AskAsync(alone, "acme"), "login.globex.example", ("X-Forwarded-Host", Own)));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(behind, await AskAsync(behind, "acme"), "10.0.0.1", ("X-Forwarded-Host", Own)));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(behind, await AskAsync(behind, "acme"), Own, ("X-Forwarded-Host", "login.globex.example")));
    }

    private void Give(string realmId, string hostName) => _realms.Set(
        realmId, [.. ConsentRealm.Resources(realmId).Where(resource => resource is not Realm), new Realm { RealmId = realmId, HostName = hostName }]);

    private Task<ConsentReplica> StartAsync(params (string Key, string? Value)[] more) =>
        ConsentReplica.StartAsync(_database.Settings, _realms, new FakeClock(), [("Consent:PublicAddress", $"https://{Shared}"), .. more]);

    private static async Task<string> AskAsync(ConsentReplica service, string realmId)
    {
        var request = Request("alice", "web", "invoices.read");
        request.RealmId = realmId;
        return (await service.StartAsync(request)).RedirectTo;
    }

    private static async Task<string> VisitAsync(ConsentReplica service, string realmId) => (await service.Consents.StartSelfServiceAsync(
        new() { RealmId = realmId, UserId = "alice", ReturnUri = VisitReturnUri }, ConsentReplica.Operator)).RedirectTo;

    private static async Task<HttpStatusCode> StatusAsync(ConsentReplica service, string address, string host, params (string, string)[] headers)
    {
        using var browser = new Browser(service.HttpAddress);
        using var answer = await browser.PageAsync(new Uri(address).AbsolutePath, [("Host", host), .. headers]);
        return answer.StatusCode;
    }
}
