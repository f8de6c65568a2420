using System.Security.Cryptography;
using System.Text;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;

namespace Token.Tests.Hosting;

/// <summary>A realm like the demo one, with the corner cases that the tests need.</summary>
internal static class TestRealm
{
    public const string Id = "demo";
    public const string Api = "https://api.demo.example";
    public const string Files = "https://files.demo.example";
    public const string ServiceSecret = "demo-service-secret-0123456789abcdef";
    public const string ApiSecret = "demo-api-secret-0123456789abcdefgh";
    public const string OperatorSecret = "demo-operator-secret-0123456789abc";
    public const string WebSecret = "demo-web-secret-0123456789abcdefgh";
    public const string OldSecret = "an-expired-secret-0123456789abcdef";
    public const string OddSecret = "100% äöü & more: secret+sauce";

    public static DateTimeOffset Epoch { get; } = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static RealmSnapshot Snapshot(params IRealmResource[] changes) =>
        RealmSnapshot.Create(1, Resources(Id)).Apply(2, changes, []);

    public static IReadOnlyList<IRealmResource> Resources(string realmId) =>
    [
        new Realm { RealmId = realmId, AccessTokenLifetime = TimeSpan.FromMinutes(5), AcrValues = ["low", "high"] },
        .. ResourceServers(realmId),
        .. Roles(realmId),
        .. Organizations(realmId),
        .. Clients(realmId),
        .. Users(realmId),
        .. Bindings(realmId),
    ];

    public static Client Client(string realmId, string clientId, string[] scopes, params string[] secrets) => new()
    {
        RealmId = realmId,
        ClientId = clientId,
        ClientType = secrets.Length > 0 ? ClientType.Service : ClientType.Public,
        GrantTypes = ["client_credentials"],
        Scopes = [.. scopes],
        Secrets = [.. secrets.Select((secret, i) => Secret($"{i}", secret, expiresAt: null))],
    };

    public static ClientSecret Secret(string id, string secret, DateTimeOffset? expiresAt) => new()
    {
        SecretId = id,
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret))),
        ExpiresAt = expiresAt,
    };

    public static RoleBinding Binding(string realmId, string id, MemberType type, string memberId, string roleId, string? organizationId) => new()
    {
        RealmId = realmId,
        RoleBindingId = id,
        MemberType = type,
        MemberId = memberId,
        RoleId = roleId,
        OrganizationId = organizationId,
    };

    private static IEnumerable<IRealmResource> ResourceServers(string realmId) =>
    [
        new ResourceServer
        {
            RealmId = realmId,
            Audience = Api,
            Permissions = [new() { Name = "invoices.approve" }, new() { Name = "invoices.create" }, new() { Name = "invoices.read" }, new() { Name = "payments.refund" }],
        },
        new ResourceServer { RealmId = realmId, Audience = Files, Permissions = [new() { Name = "files.read" }] },
        new Scope { RealmId = realmId, Name = "bookkeeping", Permissions = ["invoices.read", "invoices.create"] },
    ];

    private static IEnumerable<IRealmResource> Roles(string realmId) =>
    [
        new Role { RealmId = realmId, RoleId = "viewer", Permissions = ["invoices.read"] },
        new Role { RealmId = realmId, RoleId = "accountant", Permissions = ["invoices.create"], IncludedRoleIds = ["viewer"] },
        new Role { RealmId = realmId, RoleId = "approver", Permissions = ["invoices.approve"], IncludedRoleIds = ["accountant"] },
    ];

    private static IEnumerable<IRealmResource> Organizations(string realmId) =>
    [
        new Organization { RealmId = realmId, OrganizationId = "acme" },
        new Organization { RealmId = realmId, OrganizationId = "acme-retail", ParentOrganizationId = "acme" },
        new Organization { RealmId = realmId, OrganizationId = "globex" },
        new Organization { RealmId = realmId, OrganizationId = "closed", Disabled = true },
    ];

    private static IEnumerable<IRealmResource> Clients(string realmId) =>
    [
        Client(realmId, "demo-service", ["invoices.read", "invoices.create", "files.read", "bookkeeping"], ServiceSecret)
            with { Secrets = [Secret("1", OldSecret, Epoch), Secret("2", ServiceSecret, expiresAt: null)] },
        Client(realmId, "demo-api", [IamPermissions.TokensIntrospect, IamPermissions.PermissionsCheck], ApiSecret),
        Client(realmId, "demo-operator", [.. IamPermissions.Assignable], OperatorSecret),
        Client(realmId, "demo-web", ["invoices.read"], WebSecret) with { ClientType = ClientType.Web, GrantTypes = ["authorization_code"] },
        Client(realmId, "demo-spa", ["invoices.read"]),
        Client(realmId, "disabled", ["invoices.read"], ServiceSecret) with { Disabled = true },
        Client(realmId, "short-lived", ["invoices.read"], ServiceSecret) with { AccessTokenLifetime = TimeSpan.FromSeconds(10) },
        Client(realmId, "odd client:+%", ["invoices.read"], OddSecret),
        Client(realmId, "org-admin", [.. IamPermissions.Assignable], OperatorSecret),
    ];

    private static IEnumerable<IRealmResource> Users(string realmId) =>
    [
        new Group { RealmId = realmId, GroupId = "accountants" },
        new User { RealmId = realmId, UserId = "alice", GroupIds = ["accountants"], OrganizationIds = ["acme"] },
        new User { RealmId = realmId, UserId = "bob", OrganizationIds = ["globex"] },
        new User { RealmId = realmId, UserId = "carol" },
        new User { RealmId = realmId, UserId = "dave", Disabled = true },
    ];

    private static IEnumerable<IRealmResource> Bindings(string realmId) =>
    [
        Binding(realmId, "b-service", MemberType.Client, "demo-service", "accountant", "acme"),
        Binding(realmId, "b-api", MemberType.Client, "demo-api", IamPermissions.ResourceServerRole, null),
        Binding(realmId, "b-operator", MemberType.Client, "demo-operator", IamPermissions.AdministratorRole, null),
        Binding(realmId, "b-org-admin", MemberType.Client, "org-admin", IamPermissions.AdministratorRole, "acme"),
        Binding(realmId, "b-accountants", MemberType.Group, "accountants", "accountant", "acme"),
        Binding(realmId, "b-bob", MemberType.User, "bob", "viewer", "globex"),
        Binding(realmId, "b-carol", MemberType.User, "carol", "approver", null),
        Binding(realmId, "b-dave", MemberType.User, "dave", "approver", null),
        Binding(realmId, "b-alice-net", MemberType.User, "alice", "approver", "globex")
            with { Conditions = new RoleBindingConditions { SourceNetworks = ["10.0.0.0/8"] } },
    ];
}
