using Pltfrms.Iam.Common.Realms.Model;
using RealmClient = Pltfrms.Iam.Common.Realms.Model.Client;

namespace Client.Tests.Local;

/// <summary>A small realm: alice is accountant in acme by a group, bob is viewer in globex; a service acts for itself.</summary>
internal static class DemoRealm
{
    public const string Id = "demo";
    public const string Audience = "https://api.demo.example";
    public const string OtherAudience = "https://other.demo.example";

    public static Realm Realm { get; } = new()
    {
        RealmId = Id,
        AcrValues = ["pwd", "mfa"],
        CreatedAt = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
    };

    public static RealmClient Service { get; } = new()
    {
        RealmId = Id,
        ClientId = "demo-service",
        ClientType = ClientType.Service,
        Scopes = ["invoices.create", "invoices.read"],
    };

    public static User Alice { get; } = new() { RealmId = Id, UserId = "alice", GroupIds = ["accountants"], OrganizationIds = ["acme"] };

    public static User Bob { get; } = new() { RealmId = Id, UserId = "bob", OrganizationIds = ["globex"] };

    public static RoleBinding ServiceBinding { get; } = Binding("b1", MemberType.Client, "demo-service", "accountant", "acme");

    public static IReadOnlyList<IRealmResource> Resources { get; } =
    [
        Realm,
        Service,
        new RealmClient { RealmId = Id, ClientId = "demo-web", ClientType = ClientType.Web, Scopes = ["invoices.create", "invoices.read"] },
        new ResourceServer
        {
            RealmId = Id,
            Audience = Audience,
            ClientId = "demo-api",
            Permissions = [new() { Name = "invoices.create" }, new() { Name = "invoices.read" }],
        },
        new Role { RealmId = Id, RoleId = "viewer", Permissions = ["invoices.read"] },
        new Role { RealmId = Id, RoleId = "accountant", Permissions = ["invoices.create"], IncludedRoleIds = ["viewer"] },
        new Group { RealmId = Id, GroupId = "accountants" },
        new Organization { RealmId = Id, OrganizationId = "acme" },
        new Organization { RealmId = Id, OrganizationId = "acme-retail", ParentOrganizationId = "acme" },
        new Organization { RealmId = Id, OrganizationId = "globex" },
        Alice,
        Bob,
        ServiceBinding,
        Binding("b2", MemberType.Group, "accountants", "accountant", "acme"),
        Binding("b3", MemberType.User, "bob", "viewer", "globex"),
    ];

    public static RoleBinding Binding(string id, MemberType type, string member, string role, string? organization) => new()
    {
        RealmId = Id,
        RoleBindingId = id,
        MemberType = type,
        MemberId = member,
        RoleId = role,
        OrganizationId = organization,
    };
}
