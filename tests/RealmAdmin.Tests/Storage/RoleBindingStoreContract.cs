using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Organizations;
using Pltfrms.Iam.RealmAdmin.RoleBindings;
using Pltfrms.Iam.RealmAdmin.Storage;
using Testing.Databases;

namespace RealmAdmin.Tests.Storage;

public abstract class RoleBindingStoreContract(TestDatabase fixture) : ResourceStoreContract<RoleBinding>(fixture, new RoleBindingStore())
{
    protected override RoleBinding Sample(string realmId, string id) => Samples.RoleBinding(realmId, id);

    protected override RoleBinding Changed(RoleBinding sample) => new()
    {
        RealmId = sample.RealmId,
        RoleBindingId = sample.RoleBindingId,
        MemberType = MemberType.User,
        MemberId = "u",
        RoleId = "r2",
        OrganizationId = "o",
    };

    protected override Task PrepareAsync() =>
        WriteAsync(session => new OrganizationStore().UpsertAsync(session, Samples.Organization(RealmId, "o"), default));

    [StorageFact]
    public async Task The_bindings_of_a_member_are_its_own_and_not_those_of_another_kind_with_the_same_id()
    {
        var bindings = new[] { MemberType.User, MemberType.Client, MemberType.Group, MemberType.User }
            .Select((type, index) => Samples.RoleBinding(RealmId, $"b{index}") with { MemberType = type, MemberId = "same" })
            .ToList();
        await WriteAsync(async session =>
        {
            foreach (var binding in bindings)
            {
                await Store.UpsertAsync(session, binding, default);
            }
        });

        var store = new RoleBindingStore();
        Assert.Equal(
            [bindings[0], bindings[3]],
            await ReadAsync(session => store.ListByAsync(session, RealmId, new() { MemberType = MemberType.User, MemberId = "same" }, PageRange.All, default)));
        Assert.Equal(
            [bindings[3]],
            await ReadAsync(session => store.ListByAsync(session, RealmId, new() { MemberType = MemberType.User, MemberId = "same" }, new("b0", 5), default)));
        Assert.Equal(
            [bindings[1]],
            await ReadAsync(session => store.ListByAsync(session, RealmId, new() { MemberType = MemberType.Client, MemberId = "same" }, PageRange.All, default)));
    }
}

public sealed class SqliteRoleBindingStoreTests(SqliteRealmAdminDatabase fixture) : RoleBindingStoreContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresRoleBindingStoreTests(PostgresRealmAdminDatabase fixture) : RoleBindingStoreContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
