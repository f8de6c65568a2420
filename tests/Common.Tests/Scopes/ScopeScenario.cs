using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Scopes;
using static Common.Tests.Realms.RealmParts;

namespace Common.Tests.Scopes;

/// <summary>The vocabulary and the requests that the tests of steps 1 to 3 speak of.</summary>
internal static class ScopeScenario
{
    public static readonly IRealmResource[] Vocabulary =
    [
        Api("https://api.demo.example", "invoices.read", "invoices.create", "invoices.approve", "payments.refund"),
        Bundle("bookkeeping", "invoices.read", "invoices.create", "payments.refund"), Bundle("nothing"),
        Role("viewer", ["invoices.read"]), Role("accountant", ["invoices.create"], "viewer"),
        Organization("acme"), Organization("acme-retail", "acme"), Organization("globex"),
        User("alice"), BindUser("alice-acme", "alice", "accountant", "acme"), User("bob"), BindUser("bob-realm", "bob", "viewer"),
    ];

    public static readonly string[] All = ["invoices.read", "invoices.create", "invoices.approve", "payments.refund"];

    public static IReadOnlyList<string> Filter(RealmSnapshot realm, ScopeRequest request, string[] asked) =>
        RequestedScopes.Filter(realm, request with { Scopes = asked }).Scopes;

    public static ScopePolicy Policy(ScopePolicyMode mode, params string[] defaults) =>
        new() { GrantType = "client_credentials", Mode = mode, DefaultScopes = [.. defaults] };

    public static ScopeCondition RoleCondition(RoleSource source) => new() { Name = "roles", Role = new() { Sources = [source] } };

    public static ScopeRequest Machine(params string[] registered) => new()
    {
        Client = Client("demo-service", registered),
        Principal = Principal.Client("demo-service"),
        GrantType = "client_credentials",
        Scopes = [],
        Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero),
    };

    public static ScopeRequest ForUser(string userId, string? organizationId) => Machine([.. All, "bookkeeping", "nothing"]) with
    {
        Principal = Principal.User(userId),
        GrantType = "authorization_code",
        OrganizationId = organizationId,
    };
}
