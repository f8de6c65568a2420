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

    private const string ListMembersSql = """
        select u.realm_id, u.user_id, u.display_name, u.disabled
        from
        """;

    private const string CountMembersSql = "select count(1) from";

    // Put together for each set of filters, so that each finds its index.
    private const string OfMembers = """
         m
        join iam_user u on u.realm_id = m.realm_id and u.user_id = m.user_id
        where m.realm_id = @realmId and m.user_id > @AfterId
        """;

    private const string ByGroup = " and m.group_id = @GroupId";

    private const string ByOrganization = " and m.organization_id = @OrganizationId";

    private const string AlsoByOrganization = """
         and exists (
            select 1 from organization_member o
            where o.realm_id = m.realm_id and o.organization_id = @OrganizationId and o.user_id = m.user_id)
        """;

    private const string WhereGroupIsOwned = " and @GroupId in (select group_id from iam_group where realm_id = @realmId";

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

    /// <summary>Members that match every filter that is set; at least one is.</summary>
    public async Task<IReadOnlyList<User>> ListByAsync(
        DatabaseSession session, string realmId, UserFilter filter, PageRange range, CancellationToken cancellationToken)
    {
        var users = await session.QueryAsync<User>(
            $"{ListMembersSql} {Members(filter)}{Within(filter, range)}{InOrderOfMembers}",
            WithinOrganizations.Parameters(range, new { realmId, filter.GroupId, filter.OrganizationId }),
            cancellationToken);
        return await UserParts.AddAsync(
            session,
            users,
            filter.GroupId is null ? UserParts.OfOrganization : UserParts.OfGroup,
            new
            {
                realmId,
                groupId = filter.GroupId,
                organizationId = filter.OrganizationId,
                range.AfterId,
                lastId = users is [.., var last] ? last.UserId : "",
            },
            cancellationToken);
    }

    /// <summary>How many match every filter that is set; at least one is.</summary>
    public Task<long> CountByAsync(DatabaseSession session, string realmId, UserFilter filter, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<long>(
            $"{CountMembersSql} {Members(filter)}",
            new { realmId, filter.GroupId, filter.OrganizationId, AfterId = "" },
            cancellationToken);

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

    public Task DeleteAsync(DatabaseSession session, string realmId, IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        session.ExecuteEachAsync(DeleteSql, ids.Select(id => new { realmId, id }).ToArray(), cancellationToken);

    private static string Members(UserFilter filter) => filter switch
    {
        { GroupId: null } => $"organization_member{OfMembers}{ByOrganization}",
        { OrganizationId: null } => $"group_member{OfMembers}{ByGroup}",
        _ => $"group_member{OfMembers}{ByGroup}{AlsoByOrganization}",
    };

    /// <summary>Who sees some organizations only finds nobody by a group or an organization that is none of these.</summary>
    private static string Within(UserFilter filter, PageRange range)
    {
        if (range.Within is null)
        {
            return "";
        }

        var group = filter.GroupId is null ? "" : $"{WhereGroupIsOwned}{WithinOrganizations.Sql(range, "owner_organization_id")})";
        var organization = filter.OrganizationId is null ? "" : WithinOrganizations.Sql(range, "@OrganizationId");
        return $"{group}{organization}{WithinOrganizations.OfUserSql(range, "m.user_id")}";
    }

    private static Task<IReadOnlyList<User>> AddRangeAsync(
        DatabaseSession session, IReadOnlyList<User> users, string realmId, string afterId, CancellationToken cancellationToken) =>
        UserParts.AddAsync(
            session,
            users,
            UserParts.OfRange,
            new { realmId, AfterId = afterId, lastId = users is [.., var last] ? last.UserId : "" },
            cancellationToken);
}

/// <summary>Which users; null: whichever.</summary>
public sealed record UserFilter
{
    /// <summary>Direct members of this group.</summary>
    public string? GroupId { get; init; }

    /// <summary>Members of exactly this organization.</summary>
    public string? OrganizationId { get; init; }
}
