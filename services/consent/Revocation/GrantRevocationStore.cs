using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Consent.Revocation;

/// <summary>The table <c>grant_revocation</c>: what the token service has yet to be told, written with the decisions themselves.</summary>
public sealed class GrantRevocationStore
{
    private const string AddSql = """
        insert into grant_revocation (
            realm_id, revocation_id, user_id, client_id, organization_id, scopes, created_at, due_at, passes)
        values (
            @RealmId, @RevocationId, @UserId, @ClientId, @OrganizationId, @Scopes, @CreatedAt, @DueAt, @Passes)
        """;

    private const string ListDueSql = """
        select realm_id, revocation_id, user_id, client_id, organization_id, scopes, created_at, due_at, passes
        from grant_revocation
        where due_at <= @now
        order by due_at
        limit @count
        """;

    private const string PassedSql = """
        update grant_revocation
        set passes = @Passes, due_at = @DueAt
        where realm_id = @RealmId and revocation_id = @RevocationId and passes < @Passes
        """;

    private const string DeferSql = """
        update grant_revocation
        set due_at = @DueAt
        where realm_id = @RealmId and revocation_id = @RevocationId
        """;

    private const string RemoveSql = "delete from grant_revocation where realm_id = @RealmId and revocation_id = @RevocationId";

    public Task AddAsync(DatabaseSession session, GrantRevocation revocation, CancellationToken cancellationToken) =>
        session.ExecuteAsync(AddSql, revocation, cancellationToken);

    /// <summary>Those whose time has come, the oldest first.</summary>
    public Task<IReadOnlyList<GrantRevocation>> ListDueAsync(
        DatabaseSession session, DateTimeOffset now, int count, CancellationToken cancellationToken) =>
        session.QueryAsync<GrantRevocation>(ListDueSql, new { now, count }, cancellationToken);

    /// <summary>Notes that it went through, and when it is to go through again.</summary>
    public Task PassedAsync(DatabaseSession session, GrantRevocation revocation, int passes, DateTimeOffset dueAt, CancellationToken cancellationToken) =>
        session.ExecuteAsync(PassedSql, new { revocation.RealmId, revocation.RevocationId, Passes = passes, DueAt = dueAt }, cancellationToken);

    /// <summary>Puts it off.</summary>
    public Task DeferAsync(DatabaseSession session, GrantRevocation revocation, DateTimeOffset dueAt, CancellationToken cancellationToken) =>
        session.ExecuteAsync(DeferSql, new { revocation.RealmId, revocation.RevocationId, DueAt = dueAt }, cancellationToken);

    public Task RemoveAsync(DatabaseSession session, GrantRevocation revocation, CancellationToken cancellationToken) =>
        session.ExecuteAsync(RemoveSql, new { revocation.RealmId, revocation.RevocationId }, cancellationToken);
}
