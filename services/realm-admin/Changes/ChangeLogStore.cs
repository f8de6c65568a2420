using Pltfrms.Iam.Common.Realms.Mapping;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.RealmAdmin.Audit;

namespace Pltfrms.Iam.RealmAdmin.Changes;

/// <summary>The table <c>change_log</c>: who changed what, in the order of revisions. Rows are only ever added.</summary>
public sealed class ChangeLogStore
{
    private const string Columns = """
        realm_id, revision, ordinal, changed_at, actor, actor_kind, actor_client_id, token_id, act_chain, correlation_id,
        resource_kind, resource_id, change_kind, state_before, state_after, hash
        """;

    private const string AppendSql = $"""
        insert into change_log ({Columns})
        values (
            @RealmId, @Revision, @Ordinal, @ChangedAt, @Actor, @ActorKind, @ActorClientId, @TokenId, @ActChain, @CorrelationId,
            @ResourceKind, @ResourceId, @ChangeKind, @StateBefore, @StateAfter, @Hash)
        """;

    private const string ListSql = $"""
        select {Columns}
        from change_log
        where realm_id = @realmId and (revision, ordinal) > (@Revision, @Ordinal)
        order by revision, ordinal limit @limit
        """;

    // An index for each of these; the rest of a filter is looked at row by row, from the newest on.
    private const string Newest = $"""
        select {Columns}
        from change_log
        where realm_id = @RealmId and (revision, ordinal) < (@Revision, @Ordinal) and changed_at >= @StartTime and changed_at < @EndTime
        """;

    private const string NewestFirst = "order by revision desc, ordinal desc limit @limit";

    private const string ListNewestSql = $"{Newest} and (@ResourceKind = '' or resource_kind = @ResourceKind) {NewestFirst}";

    private const string ListNewestOfActorSql =
        $"{Newest} and actor = @ActorId and (@ResourceKind = '' or resource_kind = @ResourceKind) {NewestFirst}";

    private const string ListNewestOfResourceSql =
        $"{Newest} and resource_kind = @ResourceKind and resource_id = @ResourceId and (@ActorId = '' or actor = @ActorId) {NewestFirst}";

    private const string HeadSql =
        "select hash from change_log where realm_id = @realmId order by revision desc, ordinal desc limit 1";

    private static readonly string Kinds = string.Join(", ", Enum.GetValues<ResourceKind>().Select(kind => $"'{kind.ToName()}'"));

    // What is noted besides, such as anchors of other chains, is no resource: no watcher could make anything of it.
    // The empty text keeps SQLite from walking the realm's whole log in the order of change_log_by_resource, only to save a sort.
    private static readonly string ListChangedSql = $"""
        select distinct resource_kind || '' as resource_kind, resource_id || '' as resource_id
        from change_log
        where realm_id = @realmId and revision > @afterRevision
            and resource_kind in ({Kinds})
        order by 1, 2 limit @limit
        """;

    private const string FirstRevisionSql = "select min(revision) from change_log where realm_id = @realmId";

    private const string KnowsSql = """
        select count(*) from (
            select revision from change_log
            where realm_id = @realmId and resource_kind = @kind and resource_id = @id limit 1) known
        """;

    public Task AppendAsync(DatabaseSession session, IReadOnlyList<ChangeLogRow> rows, CancellationToken cancellationToken) =>
        session.ExecuteEachAsync(AppendSql, rows, cancellationToken);

    /// <summary>The rows behind a position, oldest first.</summary>
    public Task<IReadOnlyList<ChangeLogRow>> ListAsync(
        DatabaseSession session, string realmId, EventPosition after, int limit, CancellationToken cancellationToken) =>
        session.QueryAsync<ChangeLogRow>(ListSql, new { realmId, after.Revision, after.Ordinal, limit }, cancellationToken);

    /// <summary>The rows before a position that a filter lets through, newest first.</summary>
    public Task<IReadOnlyList<ChangeLogRow>> ListNewestAsync(
        DatabaseSession session, EventFilter filter, EventPosition before, int limit, CancellationToken cancellationToken)
    {
        var sql = filter switch
        {
            { ResourceId.Length: > 0 } => ListNewestOfResourceSql,
            { ActorId.Length: > 0 } => ListNewestOfActorSql,
            _ => ListNewestSql,
        };
        var parameters = new
        {
            filter.RealmId,
            filter.ActorId,
            filter.ResourceKind,
            filter.ResourceId,
            filter.StartTime,
            filter.EndTime,
            before.Revision,
            before.Ordinal,
            limit,
        };
        return session.QueryAsync<ChangeLogRow>(sql, parameters, cancellationToken);
    }

    /// <summary>The hash of the newest row; null where it has none, or where there is no row.</summary>
    public Task<string?> HeadAsync(DatabaseSession session, string realmId, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<string?>(HeadSql, new { realmId }, cancellationToken);

    /// <summary>The resources that changed after a revision, each once.</summary>
    public async Task<IReadOnlyList<(ResourceKind Kind, string Id)>> ListChangedAsync(
        DatabaseSession session, string realmId, long afterRevision, int limit, CancellationToken cancellationToken)
    {
        var rows = await session.QueryAsync<ChangedRow>(ListChangedSql, new { realmId, afterRevision, limit }, cancellationToken);
        return [.. rows.Select(row => (ResourceKindNames.Parse(row.ResourceKind), row.ResourceId))];
    }

    /// <summary>The oldest revision whose changes are still known; null where the realm has none.</summary>
    public Task<long?> FirstRevisionAsync(DatabaseSession session, string realmId, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<long?>(FirstRevisionSql, new { realmId }, cancellationToken);

    /// <summary>Whether there ever was a resource of the id, as far as the log goes back.</summary>
    public async Task<bool> KnowsAsync(DatabaseSession session, string realmId, ResourceKind kind, string id, CancellationToken cancellationToken) =>
        await session.QuerySingleOrDefaultAsync<long>(KnowsSql, new { realmId, kind = kind.ToName(), id }, cancellationToken) > 0;

    private sealed record ChangedRow
    {
        public required string ResourceKind { get; init; }

        public required string ResourceId { get; init; }
    }
}
