using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Token.Keys;

/// <summary>The table <c>realm_key_event</c>.</summary>
public sealed class KeyEventStore
{
    private const string AddSql = """
        insert into realm_key_event (realm_id, event_id, key_id, algorithm, kind, actor_kind, actor_id, happened_at)
        values (@RealmId, @EventId, @KeyId, @Algorithm, @kind, @ActorKind, @ActorId, @HappenedAt)
        """;

    private const string ListSql = """
        select realm_id, event_id, key_id, algorithm, kind, actor_kind, actor_id, happened_at
        from realm_key_event
        where realm_id = @realmId and event_id < @beforeId
        order by event_id desc
        limit @limit
        """;

    public Task AddAsync(DatabaseSession session, KeyEvent happened, CancellationToken cancellationToken) => session.ExecuteAsync(
        AddSql,
        new
        {
            happened.RealmId,
            happened.EventId,
            happened.KeyId,
            happened.Algorithm,
            kind = happened.Kind.ToString(),
            happened.ActorKind,
            happened.ActorId,
            happened.HappenedAt,
        },
        cancellationToken);

    /// <summary>A realm's events, the last first.</summary>
    /// <param name="session">Reads.</param>
    /// <param name="realmId">The realm.</param>
    /// <param name="beforeId">Only events before this one; a text above all ids: from the last one on.</param>
    /// <param name="limit">How many at the most.</param>
    /// <param name="cancellationToken">The call's.</param>
    public Task<IReadOnlyList<KeyEvent>> ListAsync(
        DatabaseSession session, string realmId, string beforeId, int limit, CancellationToken cancellationToken) =>
        session.QueryAsync<KeyEvent>(ListSql, new { realmId, beforeId, limit }, cancellationToken);
}
