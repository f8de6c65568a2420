using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Token.Tests.Hosting;

namespace Token.Tests.Feeds;

/// <summary>The test realm with two resource servers that are of two clients, and comparisons of what watchers have.</summary>
internal static class FeedRealm
{
    /// <summary>What is of one resource server; the client demo-api is its.</summary>
    public const string Api = TestRealm.Api;

    public static IReadOnlyList<IRealmResource> Resources(string realmId) =>
    [
        .. TestRealm.Resources(realmId).Select(resource => resource is ResourceServer { Audience: Api } server ? server with { ClientId = "demo-api" } : resource),
        new Role { RealmId = realmId, RoleId = "file-reader", Permissions = ["files.read"] },
        TestRealm.Binding(realmId, "b-files", MemberType.User, "bob", "file-reader", null),
    ];

    /// <summary>Two lists of everything, in the same order: equal where the realms look the same.</summary>
    public static void AssertSame(IEnumerable<IRealmResource> expected, RealmSnapshot actual) => Assert.Equal(
        Ordered(expected),
        Ordered(Enum.GetValues<ResourceKind>().SelectMany(actual.All)));

    private static List<IRealmResource> Ordered(IEnumerable<IRealmResource> resources) =>
        [.. resources.OrderBy(resource => resource.Kind).ThenBy(resource => resource.Id, StringComparer.Ordinal)];
}
