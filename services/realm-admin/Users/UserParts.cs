using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.RealmAdmin.Users;

/// <summary>The tables of a user's parts, each read with one statement for any number of users.</summary>
internal static class UserParts
{
    // Which users; the same for each of the three tables.
    private const string One = "user_id = @id";

    private const string Range = "user_id > @AfterId and user_id <= @lastId";

    private const string Group = """
        user_id in (
            select user_id from group_member
            where realm_id = @realmId and group_id = @groupId and user_id > @AfterId and user_id <= @lastId)
        """;

    private const string Organization = """
        user_id in (
            select user_id from organization_member
            where realm_id = @realmId and organization_id = @organizationId and user_id > @AfterId and user_id <= @lastId)
        """;

    private const string Changed = """
        user_id in (
            select resource_id from change_log
            where realm_id = @realmId and revision > @afterRevision and resource_kind = 'user')
        """;

    private const string Organizations = "select user_id, organization_id as part_id from organization_member where realm_id = @realmId and ";

    private const string Groups = "select user_id, group_id as part_id from group_member where realm_id = @realmId and ";

    private const string Identities = "select user_id, issuer, subject from external_identity where realm_id = @realmId and ";

    private const string OrderByPart = " order by user_id, part_id";

    private const string OrderByIdentity = " order by user_id, issuer, subject";

    private const string ClearOrganizationsSql = "delete from organization_member where realm_id = @RealmId and user_id = @UserId";

    private const string ClearGroupsSql = "delete from group_member where realm_id = @RealmId and user_id = @UserId";

    private const string ClearIdentitiesSql = "delete from external_identity where realm_id = @RealmId and user_id = @UserId";

    private const string AddOrganizationSql =
        "insert into organization_member (realm_id, organization_id, user_id) values (@RealmId, @partId, @UserId)";

    private const string AddGroupSql = "insert into group_member (realm_id, group_id, user_id) values (@RealmId, @partId, @UserId)";

    private const string AddIdentitySql = """
        insert into external_identity (realm_id, issuer, subject, user_id)
        values (@RealmId, @Issuer, @Subject, @UserId)
        """;

    public static readonly Statements OfOne =
        new(Organizations + One + OrderByPart, Groups + One + OrderByPart, Identities + One + OrderByIdentity);

    public static readonly Statements OfRange =
        new(Organizations + Range + OrderByPart, Groups + Range + OrderByPart, Identities + Range + OrderByIdentity);

    public static readonly Statements OfGroup =
        new(Organizations + Group + OrderByPart, Groups + Group + OrderByPart, Identities + Group + OrderByIdentity);

    public static readonly Statements OfOrganization =
        new(Organizations + Organization + OrderByPart, Groups + Organization + OrderByPart, Identities + Organization + OrderByIdentity);

    public static readonly Statements OfChanged =
        new(Organizations + Changed + OrderByPart, Groups + Changed + OrderByPart, Identities + Changed + OrderByIdentity);

    public static async Task<IReadOnlyList<User>> AddAsync(
        DatabaseSession session, IReadOnlyList<User> users, Statements statements, object parameters, CancellationToken cancellationToken)
    {
        if (users.Count == 0)
        {
            return [];
        }

        var organizations = (await session.QueryAsync<PartRow>(statements.OrganizationsSql, parameters, cancellationToken))
            .ToLookup(row => row.UserId, row => row.PartId);
        var groups = (await session.QueryAsync<PartRow>(statements.GroupsSql, parameters, cancellationToken))
            .ToLookup(row => row.UserId, row => row.PartId);
        var identities = (await session.QueryAsync<IdentityRow>(statements.IdentitiesSql, parameters, cancellationToken))
            .ToLookup(row => row.UserId, row => new ExternalIdentity { Issuer = row.Issuer, Subject = row.Subject });
        return
        [
            .. users.Select(user => user with
            {
                OrganizationIds = [.. organizations[user.UserId]],
                GroupIds = [.. groups[user.UserId]],
                ExternalIdentities = [.. identities[user.UserId]],
            }),
        ];
    }

    /// <summary>Replaces all parts of users.</summary>
    public static async Task WriteAsync(DatabaseSession session, IReadOnlyList<User> users, CancellationToken cancellationToken)
    {
        await session.ExecuteEachAsync(ClearOrganizationsSql, users, cancellationToken);
        await session.ExecuteEachAsync(ClearGroupsSql, users, cancellationToken);
        await session.ExecuteEachAsync(ClearIdentitiesSql, users, cancellationToken);
        var organizations = users.SelectMany(user => user.OrganizationIds.Select(partId => new { user.RealmId, partId, user.UserId }));
        await session.ExecuteEachAsync(AddOrganizationSql, organizations.ToArray(), cancellationToken);
        var groups = users.SelectMany(user => user.GroupIds.Select(partId => new { user.RealmId, partId, user.UserId }));
        await session.ExecuteEachAsync(AddGroupSql, groups.ToArray(), cancellationToken);
        var identities = users.SelectMany(user =>
            user.ExternalIdentities.Select(identity => new { user.RealmId, identity.Issuer, identity.Subject, user.UserId }));
        await session.ExecuteEachAsync(AddIdentitySql, identities.ToArray(), cancellationToken);
    }

    /// <summary>One statement for each table.</summary>
    internal sealed record Statements(string OrganizationsSql, string GroupsSql, string IdentitiesSql);

    private sealed record PartRow
    {
        public required string UserId { get; init; }

        public required string PartId { get; init; }
    }

    private sealed record IdentityRow
    {
        public required string UserId { get; init; }

        public required string Issuer { get; init; }

        public required string Subject { get; init; }
    }
}
