using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;

namespace Common.Tests.Realms;

public sealed class RealmHistoryTests
{
    private static readonly DecisionFacts Facts = new(RandomRealm.Now, null, "silver");

    [Fact]
    public void Deltas_lead_to_the_same_realm_as_a_snapshot_of_the_end()
    {
        for (var seed = 0; seed < 150; seed++)
        {
            var random = new RandomRealm(seed);
            var applied = RealmSnapshot.Create(0, random.State.Values);
            for (var revision = 1; revision <= 20; revision++)
            {
                var (upserts, deletes) = random.Change(1 + (seed % 12));
                applied = applied.Apply(revision, upserts, deletes);
            }

            AssertSame(RealmSnapshot.Create(20, random.State.Values), applied, random.State.Keys, seed);
        }
    }

    private static void AssertSame(
        RealmSnapshot expected, RealmSnapshot actual, IEnumerable<(ResourceKind Kind, string Id)> existing, int seed)
    {
        Assert.Equal(expected.Revision, actual.Revision);
        Assert.Equal(expected.Realm, actual.Realm);
        foreach (var (kind, id) in existing)
        {
            Assert.Equal(Find(expected, kind, id), Find(actual, kind, id));
        }

        foreach (var scope in RandomRealm.ScopeNames)
        {
            Assert.Equal(expected.HasScope(scope), actual.HasScope(scope));
            Assert.Equal(expected.PermissionsOfScope(scope), actual.PermissionsOfScope(scope));
            Assert.Equal(expected.AudiencesOfScope(scope), actual.AudiencesOfScope(scope));
            Assert.Equal(expected.FindDeclaringResourceServer(scope), actual.FindDeclaringResourceServer(scope));
        }

        Principal[] principals = [.. RandomRealm.UserIds.Select(Principal.User), .. RandomRealm.ClientIds.Select(Principal.Client)];
        string?[] contexts = [null, .. RandomRealm.OrganizationIds];
        foreach (var (principal, context) in principals.SelectMany(_ => contexts, (principal, context) => (principal, context)))
        {
            Assert.Equal(
                PermissionEvaluator.List(expected, principal, context, Facts), PermissionEvaluator.List(actual, principal, context, Facts));
            foreach (var permission in RandomRealm.Permissions)
            {
                var wanted = PermissionEvaluator.Evaluate(expected, principal, context, permission, Facts);
                var got = PermissionEvaluator.Evaluate(actual, principal, context, permission, Facts);
                Assert.True(wanted.Equals(got), $"seed {seed}: {principal} in {context}: {permission}: {wanted} but {got}");
            }
        }
    }

    private static IRealmResource? Find(RealmSnapshot realm, ResourceKind kind, string id) => kind switch
    {
        ResourceKind.Realm => realm.Realm,
        ResourceKind.Client => realm.FindClient(id),
        ResourceKind.ResourceServer => realm.FindResourceServer(id),
        ResourceKind.Scope => realm.FindBundledScope(id),
        ResourceKind.Role => realm.FindRole(id),
        ResourceKind.Group => realm.FindGroup(id),
        ResourceKind.Organization => realm.FindOrganization(id),
        ResourceKind.User => realm.FindUser(id),
        _ => null,
    };
}
