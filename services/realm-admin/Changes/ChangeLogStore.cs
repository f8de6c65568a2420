using Pltfrms.Iam.Common.Realms.Mapping;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.RealmAdmin.Changes;

/// <summary>The table <c>change_log</c>: who changed what, in the order of revisions. Rows are only ever added.</summary>
public sealed class ChangeLogStore
{
    private const string AppendSql = """
        insert into change_log (
            realm_id, revision, ordinal, changed_at, actor, actor_kind, resource_kind, resource_id, change_kind, state_before, state_after)
        values (
            @RealmId, @Revision, @Ordinal, @ChangedAt, @Actor, @ActorKind, @ResourceKind, @ResourceId, @ChangeKind, @StateBefore, @StateAfter)
        """;

    private const string ListSql = """
        select realm_id, revision, ordinal, changed_at, actor, actor_kind, resource_kind, resource_id, change_kind, state_before, state_after
        from change_log
        where realm_id = @realmId and revision > @afterRevision
        order by revision, ordinal limit @limit
        """;

    private const string ListChangedSql = """
        select distinct resource_kind, resource_id
        from change_log
        where realm_id = @realmId and revision > @afterRevision
        order by resource_kind, resource_id limit @limit
        """;

    private const string FirstRevisionSql = "select min(revision) from change_log where realm_id = @realmId";

    public Task AppendAsync(DatabaseSession session, IReadOnlyList<ChangeLogRow> rows, CancellationToken cancellationToken) =>
        session.ExecuteAsync(AppendSql, rows, cancellationToken);

    public Task<IReadOnlyList<ChangeLogRow>> ListAsync(
        DatabaseSession session, string realmId, long afterRevision, int limit, CancellationToken cancellationToken) =>
        session.QueryAsync<ChangeLogRow>(ListSql, new { realmId, afterRevision, limit }, cancellationToken);

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

    private sealed record ChangedRow
    {
        public required string ResourceKind { get; init; }

        public required string ResourceId { get; init; }
    }
}

/// <summary>One row of the change log.</summary>
public sealed record ChangeLogRow
{
    public required string RealmId { get; init; }

    public required long Revision { get; init; }

    /// <summary>From 0, within the revision.</summary>
    public required int Ordinal { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }

    public required string Actor { get; init; }

    public required string ActorKind { get; init; }

    public required string ResourceKind { get; init; }

    public required string ResourceId { get; init; }

    public required string ChangeKind { get; init; }

    /// <summary>JSON without secrets; null: it was made.</summary>
    public string? StateBefore { get; init; }

    /// <summary>JSON without secrets; null: it was removed.</summary>
    public string? StateAfter { get; init; }
}
