using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;
using Token.Tests.Hosting;

namespace Token.Tests.AuthZen;

/// <summary>AuthZEN's certification fixture (openid/authzen, certification/authorization-api-1_0-scenario.md, section 4) as a realm.</summary>
internal static class CertificationRealm
{
    public const string Id = "certification";
    public const string Audience = "https://records.example";
    public const string PepSecret = "pep-secret-0123456789abcdef0123456789";
    public const string LimitedSecret = "limited-secret-0123456789abcdef012345";
    public const string StrangerSecret = "stranger-secret-0123456789abcdef01234";
    public const string BatchSecret = "batch-secret-0123456789abcdef01234567";

    public static IReadOnlyList<IRealmResource> Resources { get; } =
    [
        new Realm { RealmId = Id, AccessTokenLifetime = TimeSpan.FromMinutes(5), AcrValues = ["low", "high"], AuthorizationDetailsTypes = [Records, Vaults] },
        new ResourceServer
        {
            RealmId = Id,
            Audience = Audience,
            Permissions =
            [
                new() { Name = "record.delete" }, new() { Name = "record.delete.soft.true" }, new() { Name = "record.read" },
                new() { Name = "record.write" }, new() { Name = "record.write.status.archived" }, new() { Name = "vaults.open" },
            ],
        },
        new Role { RealmId = Id, RoleId = "editor", Permissions = ["record.read", "record.write", "record.delete.soft.true"] },
        new Role { RealmId = Id, RoleId = "reader", Permissions = ["record.read"] },
        new Role { RealmId = Id, RoleId = "admin", Permissions = ["record.write.status.archived"] },
        new Role { RealmId = Id, RoleId = "opener", Permissions = ["vaults.open"] },
        new Organization { RealmId = Id, OrganizationId = "north" },
        new Organization { RealmId = Id, OrganizationId = "north-west", ParentOrganizationId = "north" },
        new User { RealmId = Id, UserId = "alice" },
        new User { RealmId = Id, UserId = "bob" },
        new User { RealmId = Id, UserId = "carol", OrganizationIds = ["north"] },
        new User { RealmId = Id, UserId = "dave", Disabled = true },
        TestRealm.Binding(Id, "b1", MemberType.User, "alice", "editor", null),
        TestRealm.Binding(Id, "b2", MemberType.User, "bob", "reader", null),
        TestRealm.Binding(Id, "b3", MemberType.User, "bob", "admin", null),
        TestRealm.Binding(Id, "b4", MemberType.User, "carol", "reader", "north"),
        TestRealm.Binding(Id, "b5", MemberType.User, "dave", "reader", null),
        TestRealm.Binding(Id, "b6", MemberType.User, "carol", "opener", null)
            with { Conditions = new RoleBindingConditions { SourceNetworks = ["10.0.0.0/8"] } },
        TestRealm.Binding(Id, "b7", MemberType.Client, "pep", IamPermissions.ResourceServerRole, null),
        TestRealm.Binding(Id, "b8", MemberType.Client, "pep", "lister", null),
        TestRealm.Binding(Id, "b9", MemberType.Client, "limited", IamPermissions.ResourceServerRole, null),
        TestRealm.Binding(Id, "b10", MemberType.Client, "batch", "editor", null),
        new Role { RealmId = Id, RoleId = "lister", Permissions = [IamPermissions.RoleBindingsRead] },
        TestRealm.Client(Id, "pep", [IamPermissions.PermissionsCheck, IamPermissions.RoleBindingsRead], PepSecret),
        TestRealm.Client(Id, "limited", [IamPermissions.PermissionsCheck], LimitedSecret),
        TestRealm.Client(Id, "stranger", ["record.read"], StrangerSecret),
        TestRealm.Client(Id, "batch", ["record.read"], BatchSecret) with { AuthorizationDetailsTypes = ["record"] },
    ];

    /// <summary>The same in a realm of another name.</summary>
    public static IReadOnlyList<IRealmResource> As(string realmId) => [.. Resources.Select(resource => InRealm(resource, realmId))];

    private static AuthorizationDetailsType Records => new()
    {
        Type = "record",
        Audience = Audience,
        Schema = """{"type": "object", "additionalProperties": true}""",
        Actions = [new("delete", "record.delete"), new("read", "record.read"), new("write", "record.write")],
        Resources =
        [
            new("record-1") { Properties = [new("status", "active")] },
            new("record-2") { Properties = [new("status", "archived")] },
        ],
    };

    /// <summary>A type whose name is no noun of a permission.</summary>
    private static AuthorizationDetailsType Vaults => new()
    {
        Type = "https://vaults.example/vault",
        Audience = Audience,
        Schema = """{"type": "object", "additionalProperties": true}""",
        Actions = [new("unlock", "vaults.open")],
    };

    private static IRealmResource InRealm(IRealmResource resource, string realmId) => resource switch
    {
        Realm realm => realm with { RealmId = realmId },
        ResourceServer server => server with { RealmId = realmId },
        Role role => role with { RealmId = realmId },
        Organization organization => organization with { RealmId = realmId },
        User user => user with { RealmId = realmId },
        RoleBinding binding => binding with { RealmId = realmId },
        Client client => client with { RealmId = realmId },
        _ => throw new ArgumentOutOfRangeException(nameof(resource)),
    };
}
