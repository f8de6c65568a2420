using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;

namespace Common.Tests.Realms;

/// <summary>Short ways to say what a realm of the tests holds.</summary>
internal static class RealmParts
{
    public const string RealmId = "demo";

    public static RealmSnapshot Snapshot(params IRealmResource[] resources) => Snapshot(new ScopePipeline(), resources);

    public static RealmSnapshot Snapshot(ScopePipeline pipeline, params IRealmResource[] resources) =>
        RealmSnapshot.Create(1, [Realm(pipeline), .. resources]);

    public static Realm Realm(ScopePipeline? pipeline = null) => new()
    {
        RealmId = RealmId,
        AcrValues = ["bronze", "silver", "gold"],
        ScopePipeline = pipeline ?? new(),
    };

    public static Client Client(string id, params string[] scopes) =>
        new() { RealmId = RealmId, ClientId = id, ClientType = ClientType.Service, Scopes = [.. scopes] };

    public static ResourceServer Api(string audience, params string[] permissions) => new()
    {
        RealmId = RealmId,
        Audience = audience,
        Permissions = permissions.Select(name => new Permission { Name = name }).ToValueList(),
    };

    public static Scope Bundle(string name, params string[] permissions) =>
        new() { RealmId = RealmId, Name = name, Permissions = [.. permissions] };

    public static Role Role(string id, string[] permissions, params string[] included) =>
        new() { RealmId = RealmId, RoleId = id, Permissions = [.. permissions], IncludedRoleIds = [.. included] };

    public static Group Group(string id, params string[] parents) =>
        new() { RealmId = RealmId, GroupId = id, ParentGroupIds = [.. parents] };

    public static Organization Organization(string id, string? parent = null, bool disabled = false) =>
        new() { RealmId = RealmId, OrganizationId = id, ParentOrganizationId = parent, Disabled = disabled };

    public static User User(string id, params string[] groups) => new() { RealmId = RealmId, UserId = id, GroupIds = [.. groups] };

    public static RoleBinding BindUser(string id, string userId, string roleId, string? organizationId = null) =>
        Bind(id, MemberType.User, userId, roleId, organizationId);

    public static RoleBinding BindClient(string id, string clientId, string roleId, string? organizationId = null) =>
        Bind(id, MemberType.Client, clientId, roleId, organizationId);

    public static RoleBinding BindGroup(string id, string groupId, string roleId, string? organizationId = null) =>
        Bind(id, MemberType.Group, groupId, roleId, organizationId);

    private static RoleBinding Bind(string id, MemberType type, string memberId, string roleId, string? organizationId) => new()
    {
        RealmId = RealmId,
        RoleBindingId = id,
        MemberType = type,
        MemberId = memberId,
        RoleId = roleId,
        OrganizationId = organizationId,
    };
}
