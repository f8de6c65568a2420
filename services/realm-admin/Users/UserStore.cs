using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.RealmAdmin.Storage;

namespace Pltfrms.Iam.RealmAdmin.Users;

/// <summary>The tables <c>iam_user</c>, <c>organization_member</c>, <c>group_member</c> and <c>external_identity</c>.</summary>
public sealed class UserStore : IResourceStore<User>
{
    private const string Columns = "realm_id, user_id, display_name, disabled";

    private const string Changed = """
        in (select resource_id from change_log
            where realm_id = @realmId and revision > @afterRevision and resource_kind = 'user')
        """;

    private const string FindSql = $"select {Columns} from iam_user where realm_id = @realmId and user_id = @id";

    private const string ListSql = $"""
        select {Columns} from iam_user
        where realm_id = @realmId and user_id > @AfterId
        """;

    private const string ListByGroupSql = """
        select u.realm_id, u.user_id, u.display_name, u.disabled
        from group_member m
        join iam_user u on u.realm_id = m.realm_id and u.user_id = m.user_id
        where m.realm_id = @realmId and m.group_id = @groupId and m.user_id > @AfterId
        """;

    private const string ListByOrganizationSql = """
        select u.realm_id, u.user_id, u.display_name, u.disabled
        from organization_member m
        join iam_user u on u.realm_id = m.realm_id and u.user_id = m.user_id
        where m.realm_id = @realmId and m.organization_id = @organizationId and m.user_id > @AfterId
        """;

    private const string InOrder = " order by user_id limit @Limit";

    private const string InOrderOfMembers = " order by m.user_id limit @Limit";

    private const string ListChangedSql = $"""
        select {Columns} from iam_user
        where realm_id = @realmId and user_id {Changed}
        order by user_id
        """;

    private const string UpsertSql = """
        insert into iam_user (realm_id, user_id, display_name, disabled)
        values (@RealmId, @UserId, @DisplayName, @Disabled)
        on conflict (realm_id, user_id) do update
        set display_name = excluded.display_name, disabled = excluded.disabled
        """;

    private const string DeleteSql = "delete from iam_user where realm_id = @realmId and user_id = @id";

    public async Task<User?> FindAsync(DatabaseSession session, string realmId, string id, CancellationToken cancellationToken)
    {
        var user = await session.QuerySingleOrDefaultAsync<User>(FindSql, new { realmId, id }, cancellationToken);
        return user is null
            ? null
            : (await UserParts.AddAsync(session, [user], UserParts.OfOne, new { realmId, id }, cancellationToken))[0];
    }

    public async Task<IReadOnlyList<User>> ListAsync(
        DatabaseSession session, string realmId, PageRange range, CancellationToken cancellationToken)
    {
        var users = await session.QueryAsync<User>(
            $"{ListSql}{WithinOrganizations.OfUserSql(range, "user_id")}{InOrder}",
            WithinOrganizations.Parameters(range, new { realmId }),
            cancellationToken);
        return await AddRangeAsync(session, users, realmId, range.AfterId, cancellationToken);
    }

    /// <summary>Direct members of a group.</summary>
    public async Task<IReadOnlyList<User>> ListByGroupAsync(
        DatabaseSession session, string realmId, string groupId, PageRange range, CancellationToken cancellationToken)
    {
        var users = await session.QueryAsync<User>(
            $"{ListByGroupSql}{WithinOrganizations.OfUserSql(range, "m.user_id")}{InOrderOfMembers}",
            WithinOrganizations.Parameters(range, new { realmId, groupId }),
            cancellationToken);
        return await UserParts.AddAsync(
            session,
            users,
            UserParts.OfGroup,
            new { realmId, groupId, range.AfterId, lastId = users is [.., var last] ? last.UserId : "" },
            cancellationToken);
    }

    /// <summary>Members of an organization.</summary>
    public async Task<IReadOnlyList<User>> ListByOrganizationAsync(
        DatabaseSession session, string realmId, string organizationId, PageRange range, CancellationToken cancellationToken)
    {
        var users = await session.QueryAsync<User>(
            $"{ListByOrganizationSql}{WithinOrganizations.OfUserSql(range, "m.user_id")}{InOrderOfMembers}",
            WithinOrganizations.Parameters(range, new { realmId, organizationId }),
            cancellationToken);
        return await UserParts.AddAsync(
            session,
            users,
            UserParts.OfOrganization,
            new { realmId, organizationId, range.AfterId, lastId = users is [.., var last] ? last.UserId : "" },
            cancellationToken);
    }

    public async Task<IReadOnlyList<User>> ListChangedAsync(
        DatabaseSession session, string realmId, long afterRevision, CancellationToken cancellationToken)
    {
        var users = await session.QueryAsync<User>(ListChangedSql, new { realmId, afterRevision }, cancellationToken);
        return await UserParts.AddAsync(session, users, UserParts.OfChanged, new { realmId, afterRevision }, cancellationToken);
    }

    public async Task UpsertAsync(DatabaseSession session, IReadOnlyList<User> resources, CancellationToken cancellationToken)
    {
        await session.ExecuteEachAsync(UpsertSql, resources, cancellationToken);
        await UserParts.WriteAsync(session, resources, cancellationToken);
    }

    public Task DeleteAsync(DatabaseSession session, string realmId, string id, CancellationToken cancellationToken) =>
        session.ExecuteAsync(DeleteSql, new { realmId, id }, cancellationToken);

    private static Task<IReadOnlyList<User>> AddRangeAsync(
        DatabaseSession session, IReadOnlyList<User> users, string realmId, string afterId, CancellationToken cancellationToken) =>
        UserParts.AddAsync(
            session,
            users,
            UserParts.OfRange,
            new { realmId, AfterId = afterId, lastId = users is [.., var last] ? last.UserId : "" },
            cancellationToken);
}
