using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using static Common.Tests.Realms.RealmParts;

namespace Common.Tests.Realms;

public sealed class RealmSnapshotTests
{
    [Fact]
    public void A_snapshot_without_its_realm_is_refused() =>
        Assert.Throws<InvalidDataException>(() => RealmSnapshot.Create(1, [Client("c")]));

    [Fact]
    public void A_permission_is_a_scope_of_its_own_name_and_a_bundle_covers_what_it_lists()
    {
        var realm = Snapshot(
            Api("urn:b", "b.read"), Api("urn:a", "a.read", "a.write"), Bundle("all", "b.read", "a.write", "a.read", "gone.read"), Bundle("empty"));

        Assert.Equal(["a.read"], realm.PermissionsOfScope("a.read"));
        Assert.Equal(["urn:a"], realm.AudiencesOfScope("a.read"));
        Assert.Equal(["a.read", "a.write", "b.read"], realm.PermissionsOfScope("all"));
        Assert.Equal(["urn:a", "urn:b"], realm.AudiencesOfScope("all"));
        Assert.True(realm.ScopeCovers("all", "b.read"));
        Assert.False(realm.ScopeCovers("all", "gone.read"));
        Assert.True(realm.HasScope("empty"));
        Assert.Empty(realm.PermissionsOfScope("empty"));
        Assert.False(realm.HasScope("gone.read"));
        Assert.Empty(realm.PermissionsOfScope("gone.read"));
        Assert.Equal("urn:b", realm.FindDeclaringResourceServer("b.read")?.Audience);
        Assert.Null(realm.FindDeclaringResourceServer("all"));
    }

    [Fact]
    public void Every_realm_has_the_suite_as_a_resource_server_and_its_roles()
    {
        var realm = Snapshot();

        Assert.Equal(IamPermissions.Assignable, realm.FindResourceServer(IamPermissions.Audience)!.Permissions.Select(permission => permission.Name));
        Assert.Equal(IamPermissions.Audience, realm.FindDeclaringResourceServer("iam.tokens.introspect")?.Audience);
        Assert.True(realm.HasScope("iam.permissions.check"));
        Assert.Equal(
            ["iam.permissions.check", "iam.tokens.introspect"],
            PermissionEvaluator.PermissionsOfRoles(realm, [IamPermissions.ResourceServerRole]).Order());
        Assert.Equal(IamPermissions.Assignable, PermissionEvaluator.PermissionsOfRoles(realm, [IamPermissions.AdministratorRole]).Order());
    }

    [Theory]
    [InlineData("iam.realms.watch")]
    [InlineData("iam.realms.list")]
    public void A_realm_cannot_give_what_only_services_and_operators_have(string permission)
    {
        var realm = Snapshot(Role("thief", [permission]), Client("c"), BindClient("b", "c", "thief"));

        Assert.False(realm.HasScope(permission));
        Assert.Empty(PermissionEvaluator.List(realm, Principal.Client("c"), null, default));
    }

    [Fact]
    public void A_stored_resource_cannot_replace_a_built_in_one()
    {
        var realm = Snapshot(
            Api(IamPermissions.Audience, "invoices.read"), Api("urn:thief", "iam.tokens.introspect"),
            Role(IamPermissions.ResourceServerRole, ["iam.realms.write"]));

        Assert.False(realm.HasScope("invoices.read"));
        Assert.Equal(IamPermissions.Audience, realm.FindDeclaringResourceServer("iam.tokens.introspect")?.Audience);
        Assert.DoesNotContain("iam.realms.write", PermissionEvaluator.PermissionsOfRoles(realm, [IamPermissions.ResourceServerRole]));
    }

    [Fact]
    public void An_organization_is_within_itself_and_all_above_it()
    {
        var realm = Snapshot(Organization("top"), Organization("middle", "top"), Organization("low", "middle"), Organization("other"));

        Assert.True(realm.IsWithin("low", "low"));
        Assert.True(realm.IsWithin("low", "top"));
        Assert.False(realm.IsWithin("top", "low"));
        Assert.False(realm.IsWithin("low", "other"));
        Assert.False(realm.IsWithin("ghost", "ghost"));
    }

    [Fact]
    public void An_organization_is_usable_where_it_and_all_above_it_exist_and_are_enabled()
    {
        var realm = Snapshot(
            Organization("top"), Organization("low", "top"), Organization("off", "top", disabled: true), Organization("below-off", "off"),
            Organization("orphan", "ghost"), Organization("loop-a", "loop-b"), Organization("loop-b", "loop-a"), Organization("self", "self"));

        Assert.True(realm.IsUsableOrganization("top"));
        Assert.True(realm.IsUsableOrganization("low"));
        Assert.False(realm.IsUsableOrganization("off"));
        Assert.False(realm.IsUsableOrganization("below-off"));
        Assert.False(realm.IsUsableOrganization("orphan"));
        Assert.False(realm.IsUsableOrganization("ghost"));
        Assert.False(realm.IsUsableOrganization("loop-a"));
        Assert.False(realm.IsUsableOrganization("self"));
        Assert.False(realm.IsWithin("loop-a", "top"));
        Assert.True(realm.IsWithin("loop-a", "loop-b"));
    }

    [Fact]
    public void A_delta_leaves_the_snapshot_before_it_as_it_was()
    {
        var before = Snapshot(Api("urn:a", "a.read"), Role("r", ["a.read"]), User("u"), BindUser("b", "u", "r"));
        var permitted = PermissionEvaluator.Evaluate(before, Principal.User("u"), null, "a.read", default);

        var after = before.Apply(2, [User("v")], [(ResourceKind.RoleBinding, "b"), (ResourceKind.Role, "r"), (ResourceKind.User, "nobody")]);

        Assert.Equal(AssignmentOutcome.Assigned, permitted.Outcome);
        Assert.Same(permitted, PermissionEvaluator.Evaluate(before, Principal.User("u"), null, "a.read", default));
        Assert.Null(before.FindUser("v"));
        Assert.NotNull(before.FindRole("r"));
        Assert.Equal(2, after.Revision);
        Assert.NotNull(after.FindUser("v"));
        Assert.Null(after.FindRole("r"));
        Assert.Equal(AssignmentOutcome.NotAssigned, PermissionEvaluator.Evaluate(after, Principal.User("u"), null, "a.read", default).Outcome);
    }

    [Fact]
    public void A_binding_that_moves_to_another_member_leaves_the_first()
    {
        var before = Snapshot(Api("urn:a", "a.read"), Role("r", ["a.read"]), User("u"), User("v"), BindUser("b", "u", "r"));

        var after = before.Apply(2, [BindUser("b", "v", "r")], []);

        Assert.Empty(PermissionEvaluator.List(after, Principal.User("u"), null, default));
        Assert.Equal(["a.read"], PermissionEvaluator.List(after, Principal.User("v"), null, default));
    }

    [Fact]
    public void Deltas_to_many_users_give_what_a_dictionary_gives()
    {
        var random = new Random(7);
        var expected = new Dictionary<string, User>();
        var realm = Snapshot();
        for (var revision = 2; revision < 200; revision++)
        {
            var upserts = Enumerable.Range(0, random.Next(300)).Select(_ => User($"u{random.Next(20_000)}", $"g{random.Next(9)}")).ToList();
            var deletes = Enumerable.Range(0, random.Next(60)).Select(_ => $"u{random.Next(20_000)}").Except(upserts.Select(user => user.UserId)).ToList();
            upserts.ForEach(user => expected[user.UserId] = user);
            deletes.ForEach(id => expected.Remove(id));
            realm = realm.Apply(revision, upserts, deletes.Select(id => (ResourceKind.User, id)));
        }

        Assert.All(Enumerable.Range(0, 20_000), i => Assert.Equal(expected.GetValueOrDefault($"u{i}"), realm.FindUser($"u{i}")));
    }
}
