using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Token.Audit;

/// <summary>The tables <c>token_event_batch</c>, <c>token_event_key</c> and <c>token_event_head</c>. Rows are only ever added, and expire.</summary>
public sealed class TokenEventStore
{
    /// <summary>Of a batch.</summary>
    internal const string Columns = "realm_id, first_sequence, last_sequence, first_at, last_at, expires_at, chain_id, chain_number, events";

    private const string Read = """
        select b.realm_id, b.first_sequence, b.last_sequence, b.first_at, b.last_at, b.expires_at, b.chain_id, b.chain_number, b.events
        from token_event_batch b
        """;

    // A batch with the position in it begins no more than so many events before.
    private const string AllSql = $"""
        {Read}
        where b.realm_id = @RealmId and b.first_sequence > @after - @Most and b.first_sequence < @before {Usable}
        """;

    // A batch and its keys come and go together. In the keys' order, so that no more of them are read than of batches.
    private const string OfKeySql = $"""
        {Read}
        join token_event_key k on k.realm_id = b.realm_id and k.first_sequence = b.first_sequence and k.expires_at = b.expires_at
        where k.realm_id = @RealmId and k.kind = @KeyKind and k.value = @KeyValue
            and k.first_sequence > @after - @Most and k.first_sequence < @before {Usable}
        """;

    private const string Usable = """
        and b.last_sequence > @after and b.expires_at > @now and b.last_at >= @StartTime and b.first_at < @EndTime
        """;

    // The engines have no common way to pass a list.
    private const string OfFamiliesPostgres = """
        and b.first_sequence in (
            select first_sequence from token_event_key where realm_id = @RealmId and kind = 'family' and value = any(@Families)
            union
            select first_sequence from token_event_key where realm_id = @RealmId and kind = 'id' and value = any(@ids))
        """;

    private const string OfFamiliesSqlite = """
        and b.first_sequence in (
            select first_sequence from token_event_key
            where realm_id = @RealmId and kind = 'family' and value in (select value from json_each(@Families))
            union
            select first_sequence from token_event_key
            where realm_id = @RealmId and kind = 'id' and value in (select value from json_each(@ids)))
        """;

    // So many are read at a time, for there may be fitting events in any of them or in none.
    private const int BatchesAtOnce = 32;

    /// <summary>Adds batches as the realms' next, in their order. All or none; when it returns they are on disk.</summary>
    /// <param name="database">Where.</param>
    /// <param name="batches">One or more, whose sequences are not set.</param>
    /// <param name="now">Numbers of a realm that was made again go on above those of the one before.</param>
    /// <param name="cancellationToken">Ends it; the batches may be written or not.</param>
    public Task AddAsync(IDatabase database, IReadOnlyList<TokenEventBatch> batches, DateTimeOffset now, CancellationToken cancellationToken) =>
        TokenEventInsert.ExecuteAsync(database, batches, now.UtcTicks / TimeSpan.TicksPerMicrosecond, cancellationToken);

    /// <summary>An event; null: there is none, or none any more.</summary>
    public async Task<TokenEventRow?> FindAsync(DatabaseSession session, string realmId, string eventId, CancellationToken cancellationToken)
    {
        var batches = await WithAsync(session, realmId, [eventId], cancellationToken);
        return batches.SelectMany(batch => batch.Rows()).FirstOrDefault(row => row.EventId == eventId);
    }

    /// <summary>Those of some ids that there is an event of.</summary>
    public async Task<IReadOnlyList<string>> ListKnownAsync(
        DatabaseSession session, string realmId, ValueList<string> eventIds, CancellationToken cancellationToken)
    {
        var batches = await WithAsync(session, realmId, eventIds, cancellationToken);
        return [.. batches.SelectMany(batch => batch.Rows()).Select(row => row.EventId).Intersect(eventIds, StringComparer.Ordinal)];
    }

    /// <summary>The events behind a position in the filter's order that it lets through.</summary>
    /// <param name="session">Reads.</param>
    /// <param name="filter">Its story is not looked at beyond families and tokens.</param>
    /// <param name="position">The sequence of the last event before; null: from the first.</param>
    /// <param name="limit">How many at the most.</param>
    /// <param name="now">What has expired is not there.</param>
    /// <param name="cancellationToken">The call's.</param>
    public async Task<IReadOnlyList<TokenEventRow>> ListAsync(
        DatabaseSession session, TokenEventFilter filter, long? position, int limit, DateTimeOffset now, CancellationToken cancellationToken)
    {
        List<TokenEventRow> found = [];
        IReadOnlyList<TokenEventBatch> batches;
        do
        {
            batches = await BatchesAsync(session, filter, position, now, cancellationToken);
            foreach (var batch in batches)
            {
                var rows = filter.OldestFirst ? batch.Rows() : batch.Rows().Reverse();
                found.AddRange(rows.Where(row => filter.IsBehind(row, position) && row.ExpiresAt > now && filter.Fits(row)).Take(limit - found.Count));
                position = filter.OldestFirst ? batch.LastSequence : batch.FirstSequence;
            }
        }
        while (found.Count < limit && batches.Count == BatchesAtOnce);

        return found;
    }

    private static Task<IReadOnlyList<TokenEventBatch>> BatchesAsync(
        DatabaseSession session, TokenEventFilter filter, long? position, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var key = filter.Key;
        var families = key is not null || filter.Families.Count == 0 ? ""
            : session.Engine == DatabaseEngine.Postgres ? OfFamiliesPostgres
            : OfFamiliesSqlite;
        ValueList<string> ids = [.. filter.Tokens.Select(TokenEventKey.OfId).Distinct()];
        return session.QueryAsync<TokenEventBatch>(
            $"{(key is null ? AllSql : OfKeySql)} {families} order by {(key is null ? "b" : "k")}.first_sequence {(filter.OldestFirst ? "" : "desc")} limit @limit",
            new
            {
                filter.RealmId,
                KeyKind = key?.Kind,
                KeyValue = key?.Value,
                filter.StartTime,
                filter.EndTime,
                filter.Families,
                ids,
                after = filter.OldestFirst ? position ?? 0 : 0,
                before = filter.OldestFirst ? long.MaxValue : position ?? long.MaxValue,
                TokenEventBatch.Most,
                now,
                limit = BatchesAtOnce,
            },
            cancellationToken);
    }

    /// <summary>The batches that may have events of some ids.</summary>
    private static Task<IReadOnlyList<TokenEventBatch>> WithAsync(
        DatabaseSession session, string realmId, ValueList<string> eventIds, CancellationToken cancellationToken)
    {
        ValueList<string> ids = [.. eventIds.Select(TokenEventKey.OfId).Distinct()];
        var ofIds = session.Engine == DatabaseEngine.Postgres ? OfFamiliesPostgres : OfFamiliesSqlite;
        return session.QueryAsync<TokenEventBatch>(
            $"{Read} where b.realm_id = @RealmId {ofIds}", new { RealmId = realmId, Families = (ValueList<string>)[], ids }, cancellationToken);
    }
}
