using Grpc.Core;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token;
using Pltfrms.Iam.Token.Conformance;
using Token.Tests.ClientAuthentication;
using Token.Tests.Hosting;

namespace Token.Tests.Conformance;

/// <summary>Verdicts are of the configuration: whoever changes it sees them change.</summary>
public sealed class ConformanceReportTests(TokenServiceFixture fixture) : IClassFixture<TokenServiceFixture>
{
    private static readonly string Keys = ClientKey.SetOf(ClientKey.Of("ES256", "k"));

    private static readonly Realm Plain = new() { RealmId = "r" };

    private static readonly Client Web = new()
    {
        RealmId = "r",
        ClientId = "web",
        ClientType = ClientType.Web,
        GrantTypes = ["authorization_code", "refresh_token"],
        RedirectUris = ["https://app.example/cb"],
        Scopes = ["a.read"],
        Secrets = [TestRealm.Secret("1", TestRealm.WebSecret, null)],
    };

    private static readonly IRealmResource[] Servers =
    [
        new ResourceServer { RealmId = "r", Audience = "https://a.example", Permissions = [new() { Name = "a.read" }] },
        new ResourceServer { RealmId = "r", Audience = "https://b.example", Permissions = [new() { Name = "b.read" }] },
    ];

    /// <summary>A rule that the plain realm does not follow, and what makes it do so; or one that it follows, and what ends that.</summary>
    public static TheoryData<string, string, bool, string> Changes => new()
    {
        { "the client must push", "V10.4.13", true, "client-pushes" },
        { "all clients must push", "5.3.2.2 pushed", true, "realm-pushes" },
        { "tokens are bound to DPoP keys", "V10.4.14", true, "client-dpop" },
        { "all tokens are bound to DPoP keys", "2.2.1", true, "realm-dpop" },
        { "tokens are bound to certificates", "5.3.2.1 constrained", true, "client-certificate" },
        { "the client signs", "V10.4.16", true, "client-signs" },
        { "the client has no secret", "2.5 asymmetric", true, "client-secretless" },
        { "nothing stands beside a request", "5.3.2.2 beside", true, "client-fapi" },
        { "refresh tokens stay", "5.3.2.1 rotation", true, "client-fapi" },
        { "algorithms of the profile", "5.4.1 algorithms", true, "realm-fapi" },
        { "a public client", "5.3.2.1 confidential", false, "public" },
        { "a redirect to http", "2.1 https", false, "http" },
        { "any scope for who has none", "V10.4.11", false, "any-scope" },
        { "scopes of two resource servers", "2.3 audience", false, "two-audiences" },
        { "idle for as long as at all", "4.14.2 inactivity", false, "idle" },
        { "anybody registers, and nobody is asked", "V10.4.7", false, "open" },
        { "a client without a grant", "V10.4.4", false, "no-grant" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_change_of_the_configuration_changes_the_verdict(string what, string ruleId, bool mends, string change)
    {
        var before = Find(ruleId, Plain, Web);
        var after = Find(ruleId, [.. Changed(change)]);

        Assert.True((before.IsMet, after.IsMet) == (!mends, mends), $"{what}: {before.Reason} / {after.Reason}");
        Assert.NotEqual(before.Reason, after.Reason);
    }

    [Fact]
    public void A_realm_that_is_held_to_the_profile_follows_every_rule_of_it()
    {
        var held = Report(Plain with { SecurityProfile = SecurityProfile.Fapi2 }, Web).Where(rule => rule.Standard == ConformanceStandard.Fapi2 && !rule.Finding.IsMet);
        var plain = Report(Plain, Web).Where(rule => rule.Standard == ConformanceStandard.Fapi2 && !rule.Finding.IsMet);

        Assert.Empty(held);
        Assert.Equal(
            ["5.3.2.1 authentication", "5.3.2.1 constrained", "5.3.2.1 rotation", "5.3.2.2 pushed", "5.3.2.2 beside", "5.4.1 algorithms"],
            plain.Select(rule => rule.Rule.RuleId));
    }

    [Fact]
    public void What_no_setting_mends_is_said()
    {
        var realm = Plain with { SecurityProfile = SecurityProfile.Fapi2 };

        Assert.Equal(["2.1.1 constant", "V10.4.12"], Report(realm, Web).Where(rule => !rule.Finding.IsMet).Select(rule => rule.Rule.RuleId));
    }

    [Fact]
    public void The_clients_that_do_not_follow_a_rule_are_named_and_disabled_ones_follow_all()
    {
        var finding = Find(
            "V10.4.13", Plain,
            Web with { ClientId = "b" }, Web with { ClientId = "a" }, Web with { ClientId = "off", Disabled = true },
            Web with { ClientId = "pushes", RequirePushedAuthorizationRequests = true }, Web with { ClientId = "machine", GrantTypes = ["client_credentials"] });
        var many = Find("V10.4.13", [Plain, .. Enumerable.Range(0, 150).Select(i => Web with { ClientId = $"c{i:000}" })]);

        Assert.Equal(["a", "b"], finding.ClientIds);
        Assert.EndsWith("(2 of 3 clients).", finding.Reason);
        Assert.Equal((100, "c000", "c099"), (many.ClientIds.Count, many.ClientIds[0], many.ClientIds[^1]));
        Assert.EndsWith("(150 of 150 clients).", many.Reason);
    }

    [Fact]
    public void A_public_address_in_plain_text_is_said()
    {
        var facts = new ConformanceFacts(Snapshot(Plain, Web), new TokenOptions { PublicAddress = "http://127.0.0.1:8080" });

        Assert.All(ReportConformance.Rules.Where(entry => entry.Rule.RuleId is "2.6 TLS" or "1.5" or "5.2 TLS"), entry => Assert.False(entry.Rule.Find(facts).IsMet));
        Assert.True(Find("2.6 TLS", Plain, Web).IsMet);
    }

    [Fact]
    public void Proxies_whose_word_counts_are_told_of()
    {
        var facts = new ConformanceFacts(
            Snapshot(Plain, Web),
            new TokenOptions { PublicAddress = "https://iam.example", ClientCertificateHeader = "Client-Cert", ClientCertificateProxies = ["10.0.0.1", "10.0.0.2"] });
        var finding = ReportConformance.Rules.Single(entry => entry.Rule.RuleId == "4.13").Rule.Find(facts);

        Assert.StartsWith("Client-Cert is read from 2 configured addresses", finding.Reason);
        Assert.Equal("No header is read for a certificate.", Find("4.13", Plain, Web).Reason);
    }

    /// <summary>A verdict that no configuration changes is worth what enforces it.</summary>
    [Fact]
    public void What_is_always_met_names_the_tests_that_enforce_it()
    {
        var worst = Snapshot(
            Plain with { ScopePipeline = new() { UnregisteredScopes = UnregisteredScopes.Any }, SessionSettings = new() { RefreshIdleLifetime = TimeSpan.FromDays(90) } },
            Web with { RedirectUris = ["http://app.example/cb"], Scopes = ["a.read", "b.read"] },
            Web with { ClientId = "spa", ClientType = ClientType.Public, GrantTypes = [], Scopes = [] });
        var bad = new ConformanceFacts(worst, new TokenOptions { PublicAddress = "http://127.0.0.1:8080" });
        var good = new ConformanceFacts(Snapshot(Plain with { SecurityProfile = SecurityProfile.Fapi2 }, Web), new TokenOptions { PublicAddress = "https://iam.example" });
        foreach (var (standard, rule) in ReportConformance.Rules)
        {
            var (one, other) = (rule.Find(bad), rule.Find(good));
            Assert.True(one.Reason.Length > 0 && rule.Title.EndsWith('.'), rule.RuleId);
            Assert.True(!one.IsMet || one.Reason != other.Reason || one.Tests.Count > 0 || rule.RuleId == "V10.4.7", $"{standard} {rule.RuleId}: {one.Reason}");
        }

        Assert.Equal(ReportConformance.Rules.Count, ReportConformance.Rules.Select(entry => (entry.Standard, entry.Rule.RuleId)).Distinct().Count());
        Assert.Equal(16, ReportConformance.Rules.Count(entry => entry.Standard == ConformanceStandard.Asvs));
    }

    [Fact]
    public async Task The_call_reflects_the_revision_that_is_asked_for()
    {
        var calls = new Pltfrms.Iam.Token.V1.ConformanceService.ConformanceServiceClient(fixture.Service.Channel);
        fixture.Realms.Set("r", [Plain, .. Servers, Web]);
        var first = await calls.GetConformanceReportAsync(new() { RealmId = "r" }, TokenReplica.Operator);
        var revision = fixture.Realms.Change("r", Web with { RequirePushedAuthorizationRequests = true });
        var second = await calls.GetConformanceReportAsync(new() { RealmId = "r", MinRevision = revision }, TokenReplica.Operator);

        Assert.Equal((StatusCode.NotFound, "REALM_NOT_FOUND"), await Refusals.OfAsync(calls.GetConformanceReportAsync(new() { RealmId = "nowhere" }, TokenReplica.Operator)));
        Assert.Equal(ReportConformance.Rules.Count, first.Findings.Count);
        var (before, after) = (first.Findings.Single(finding => finding.RuleId == "V10.4.13"), second.Findings.Single(finding => finding.RuleId == "V10.4.13"));
        Assert.Equal((false, "web", Pltfrms.Iam.Token.V1.ConformanceStandard.Asvs), (before.Met, Assert.Single(before.ClientIds), before.Standard));
        Assert.Equal((true, revision, 0), (after.Met, second.Revision, after.ClientIds.Count));
    }

    private static IEnumerable<IRealmResource> Changed(string change) => change switch
    {
        "client-pushes" => [Plain, Web with { RequirePushedAuthorizationRequests = true }],
        "realm-pushes" => [Plain with { SessionSettings = new() { RequirePushedAuthorizationRequests = true } }, Web],
        "client-dpop" => [Plain, Web with { DpopBoundAccessTokens = true }],
        "realm-dpop" => [Plain with { Dpop = new() { Required = true } }, Web],
        "client-certificate" => [Plain, Web with { TlsClientCertificateBoundAccessTokens = true }],
        "client-signs" => [Plain, Web with { Jwks = Keys, TokenEndpointAuthMethod = TokenEndpointAuthMethods.PrivateKeyJwt }],
        "client-secretless" => [Plain, Web with { Jwks = Keys, Secrets = [] }],
        "client-fapi" => [Plain, Web with { SecurityProfile = SecurityProfile.Fapi2 }],
        "realm-fapi" => [Plain with { SecurityProfile = SecurityProfile.Fapi2 }, Web],
        "public" => [Plain, Web, Web with { ClientId = "spa", ClientType = ClientType.Public, Secrets = [] }],
        "http" => [Plain, Web with { RedirectUris = ["http://app.example/cb"] }],
        "any-scope" => [Plain with { ScopePipeline = new() { UnregisteredScopes = UnregisteredScopes.Any } }, Web with { Scopes = [] }],
        "two-audiences" => [Plain, Web with { Scopes = ["a.read", "b.read"] }],
        "idle" => [Plain with { SessionSettings = new() { RefreshIdleLifetime = TimeSpan.FromDays(90) } }, Web],
        "open" => [Plain with { ClientRegistration = new() { Mode = ClientRegistrationMode.Open } }, Web with { DynamicallyRegistered = true, ConsentPolicy = ConsentPolicy.Trusted }],
        "no-grant" => [Plain, Web with { GrantTypes = [] }],
        _ => throw new ArgumentOutOfRangeException(nameof(change), change, "not a change"),
    };

    private static ConformanceFinding Find(string ruleId, params IRealmResource[] resources) =>
        Report(resources).Single(rule => rule.Rule.RuleId == ruleId).Finding;

    private static IReadOnlyList<ReportedRule> Report(params IRealmResource[] resources)
    {
        var facts = new ConformanceFacts(Snapshot(resources), new TokenOptions { PublicAddress = "https://iam.example" });
        return [.. ReportConformance.Rules.Select(entry => new ReportedRule(entry.Standard, entry.Rule, entry.Rule.Find(facts)))];
    }

    private static RealmSnapshot Snapshot(params IRealmResource[] resources) => RealmSnapshot.Create(1, [.. resources, .. Servers]);
}
