using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Token.Audit;

/// <summary>The tables <c>token_event_batch</c>, <c>token_event_key</c> and <c>token_event_head</c>. Rows are only ever added, and expire.</summary>
public sealed class TokenEventStore
{
    private const string Columns = "realm_id, first_sequence, last_sequence, first_at, last_at, expires_at, chain_id, chain_number, events";

    // One statement, so one round trip: numbers are taken, and the row that gives them is locked, until it is committed.
    private const string AddPostgresSql = $"""
        with batch as (
            select number, realm_id, events_after, event_count, first_at, last_at, expires_at, chain_id, chain_number, events
            from unnest(
                @number, @realm_id, @events_after, @event_count, @first_at, @last_at, @expires_at, @chain_id, @chain_number, @events)
                as b (number, realm_id, events_after, event_count, first_at, last_at, expires_at, chain_id, chain_number, events)
        ), head as (
            insert into token_event_head (realm_id, sequence)
            select realm_id, (@first)[1] + sum(event_count)::bigint from batch group by realm_id order by realm_id
            on conflict (realm_id) do update set sequence = token_event_head.sequence + excluded.sequence - (@first)[1]
            returning realm_id, sequence
        ), added as (
            insert into token_event_batch ({Columns})
            select b.realm_id, h.sequence - b.events_after - b.event_count + 1, h.sequence - b.events_after, b.first_at, b.last_at, b.expires_at,
                b.chain_id, b.chain_number, b.events
            from batch b
            join head h on h.realm_id = b.realm_id
        )
        insert into token_event_key (realm_id, kind, value, first_sequence, expires_at)
        select b.realm_id, k.kind, k.value, h.sequence - b.events_after - b.event_count + 1, b.expires_at
        from unnest(@key_number, @key_kind, @key_value) as k (number, kind, value)
        join batch b on b.number = k.number
        join head h on h.realm_id = b.realm_id
        """;

    private const string TakeSql = """
        insert into token_event_head (realm_id, sequence)
        values (@realmId, @first + @count)
        on conflict (realm_id) do update set sequence = token_event_head.sequence + @count
        returning sequence
        """;

    private const string AddBatchSql = $"""
        insert into token_event_batch ({Columns})
        values (@realm_id, @first_sequence, @last_sequence, @first_at, @last_at, @expires_at, @chain_id, @chain_number, @events)
        """;

    private const string AddKeySql = """
        insert into token_event_key (realm_id, kind, value, first_sequence, expires_at)
        values (@realm_id, @kind, @value, @first_sequence, @expires_at)
        """;

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
    public Task AddAsync(IDatabase database, IReadOnlyList<TokenEventBatch> batches, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var first = now.UtcTicks / TimeSpan.TicksPerMicrosecond;
        return database.Engine == DatabaseEngine.Postgres
            ? AddAtOnceAsync(database, batches, first, cancellationToken)
            : AddOneByOneAsync(database, batches, first, cancellationToken);
    }

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

    private static async Task AddAtOnceAsync(IDatabase database, IReadOnlyList<TokenEventBatch> batches, long first, CancellationToken cancellationToken)
    {
        var columns = ColumnsOf(batches);
        columns["number"] = Column(batches, (_, number) => (long)number);
        columns["events_after"] = EventsAfter(batches);
        columns["event_count"] = Column(batches, (batch, _) => (long)batch.Count);
        columns["first"] = new[] { first };
        var keys = batches.SelectMany((batch, number) => batch.Keys.Select(key => (Number: (long)number, Key: key))).ToList();
        columns["key_number"] = Column(keys, (key, _) => key.Number);
        columns["key_kind"] = Column(keys, (key, _) => key.Key.Kind);
        columns["key_value"] = Column(keys, (key, _) => key.Key.Value);
        await using var session = await database.OpenAsync(cancellationToken);
        await session.ExecuteColumnsAsync(AddPostgresSql, columns, cancellationToken);
    }

    private static async Task AddOneByOneAsync(IDatabase database, IReadOnlyList<TokenEventBatch> batches, long first, CancellationToken cancellationToken)
    {
        await using var session = await database.BeginWriteAsync(cancellationToken);
        var after = EventsAfter(batches);
        var lasts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var ofRealm in batches.GroupBy(batch => batch.RealmId, StringComparer.Ordinal))
        {
            var count = ofRealm.Sum(batch => (long)batch.Count);
            lasts[ofRealm.Key] = await session.QuerySingleOrDefaultAsync<long>(TakeSql, new { realmId = ofRealm.Key, first, count }, cancellationToken);
        }

        var columns = ColumnsOf(batches);
        columns["last_sequence"] = Column(batches, (batch, number) => lasts[batch.RealmId] - after[number]);
        columns["first_sequence"] = Column(batches, (batch, number) => lasts[batch.RealmId] - after[number] - batch.Count + 1);
        session.ExecuteRows(AddBatchSql, columns);
        var keys = batches.SelectMany((batch, number) => batch.Keys.Select(key => (Number: number, Batch: batch, Key: key))).ToList();
        var keyColumns = new Dictionary<string, Array>
        {
            ["realm_id"] = Column(keys, (key, _) => key.Batch.RealmId),
            ["kind"] = Column(keys, (key, _) => key.Key.Kind),
            ["value"] = Column(keys, (key, _) => key.Key.Value),
            ["first_sequence"] = Column(keys, (key, _) => ((long[])columns["first_sequence"])[key.Number]),
            ["expires_at"] = Column(keys, (key, _) => key.Batch.ExpiresAt),
        };
        session.ExecuteRows(AddKeySql, keyColumns);
        await session.CommitAsync(cancellationToken);
    }

    /// <summary>What a batch knows of itself.</summary>
    private static Dictionary<string, Array> ColumnsOf(IReadOnlyList<TokenEventBatch> batches) => new()
    {
        ["realm_id"] = Column(batches, (batch, _) => batch.RealmId),
        ["first_at"] = Column(batches, (batch, _) => batch.FirstAt),
        ["last_at"] = Column(batches, (batch, _) => batch.LastAt),
        ["expires_at"] = Column(batches, (batch, _) => batch.ExpiresAt),
        ["chain_id"] = Column(batches, (batch, _) => batch.ChainId),
        ["chain_number"] = Column(batches, (batch, _) => batch.ChainNumber),
        ["events"] = Column(batches, (batch, _) => batch.Events),
    };

    private static T[] Column<TItem, T>(IReadOnlyList<TItem> items, Func<TItem, int, T> of)
    {
        var column = new T[items.Count];
        for (var i = 0; i < column.Length; i++)
        {
            column[i] = of(items[i], i);
        }

        return column;
    }

    /// <summary>How many events of the same realm are in the batches after each.</summary>
    private static long[] EventsAfter(IReadOnlyList<TokenEventBatch> batches)
    {
        Dictionary<string, long> seen = new(StringComparer.Ordinal);
        var after = new long[batches.Count];
        for (var i = batches.Count - 1; i >= 0; i--)
        {
            after[i] = seen.GetValueOrDefault(batches[i].RealmId);
            seen[batches[i].RealmId] = after[i] + batches[i].Count;
        }

        return after;
    }
}
