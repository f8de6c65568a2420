using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Scopes;
using static Common.Tests.Realms.RealmParts;

namespace Common.Tests.Scopes;

public sealed class GrantedScopesTests
{
    private static readonly IRealmResource[] Vocabulary =
    [
        Api("https://api.demo.example", "invoices.read", "invoices.create", "payments.refund"),
        Role("viewer", ["invoices.read"]), User("alice"), BindUser("b", "alice", "viewer", "acme"),
        Organization("acme"), Organization("acme-retail", "acme"), Organization("globex"),
    ];

    private static readonly string[] Granted = ["payments.refund", "invoices.read", "invoices.create", "invoices.read"];

    private static readonly GrantedScopesProcessor OnlyInvoices = new() { Name = "only-invoices", Whitelist = ["invoices.*"] };
    private static readonly GrantedScopesProcessor Cap = new() { Name = "cap", CapByRole = new() { Sources = [RoleSource.Bindings] } };

    private static readonly GrantedScopesProcessor NoCreation = new()
    {
        Name = "no-creation",
        DropByOrganization = new() { OrganizationIds = ["acme"], Scopes = ["*.create"] },
    };

    public static TheoryData<string, GrantedScopesProcessor[], string?, string[]> Cases => new()
    {
        { "none", [], "acme", ["payments.refund", "invoices.read", "invoices.create"] },
        { "whitelist", [OnlyInvoices], "acme", ["invoices.read", "invoices.create"] },
        { "empty whitelist", [new() { Name = "nothing", Whitelist = [] }], "acme", [] },
        { "cap in the organization", [Cap], "acme-retail", ["invoices.read"] },
        { "cap elsewhere", [Cap], "globex", [] },
        { "dropped in the organization", [NoCreation], "acme", ["payments.refund", "invoices.read"] },
        { "dropped below it", [NoCreation], "acme-retail", ["payments.refund", "invoices.read"] },
        { "kept elsewhere", [NoCreation], "globex", ["payments.refund", "invoices.read", "invoices.create"] },
        { "kept without an organization", [NoCreation], null, ["payments.refund", "invoices.read", "invoices.create"] },
        { "one after the other", [OnlyInvoices, NoCreation], "acme", ["invoices.read"] },
        { "a processor that says nothing", [new() { Name = "void" }], "acme", [] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Processors_take_away_in_order(string description, GrantedScopesProcessor[] processors, string? organizationId, string[] expected)
    {
        var realm = Snapshot(new ScopePipeline { GrantedScopesProcessors = [.. processors] }, Vocabulary);

        Assert.NotEmpty(description);
        Assert.Equal(expected, GrantedScopes.Filter(realm, Request(organizationId), Granted).Scopes);
    }

    [Fact]
    public void Every_scope_s_fate_is_told()
    {
        var realm = Snapshot(new ScopePipeline { GrantedScopesProcessors = [OnlyInvoices, NoCreation, Cap] }, Vocabulary);

        var outcome = GrantedScopes.Filter(realm, Request("acme") with { Explain = true }, Granted);

        Assert.Equal(
            [
                new("granted_scopes_processors", "payments.refund", ScopeStepEffect.Dropped, "only-invoices", "not on the whitelist"),
                new("granted_scopes_processors", "invoices.create", ScopeStepEffect.Dropped, "no-creation", "not granted in organization acme"),
                new("granted_scopes_processors", "invoices.read", ScopeStepEffect.Kept, "", "no processor takes it away"),
            ],
            outcome.Steps);
    }

    private static ScopeRequest Request(string? organizationId) => new()
    {
        Client = Client("demo-web"),
        Principal = Principal.User("alice"),
        GrantType = "authorization_code",
        Scopes = [],
        OrganizationId = organizationId,
        Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero),
    };
}
