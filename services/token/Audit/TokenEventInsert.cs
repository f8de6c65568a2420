using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Token.Audit;

/// <summary>How <see cref="TokenEventStore"/> adds to its tables.</summary>
internal static class TokenEventInsert
{
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
            insert into token_event_batch ({TokenEventStore.Columns})
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
        values (@RealmId, @first + @count)
        on conflict (realm_id) do update set sequence = token_event_head.sequence + @count
        returning sequence
        """;

    // The same for one batch, as a busy realm's are: a quarter less for the database to do.
    private const string AddOnePostgresSql = $"""
        with head as (
            {TakeSql}
        ), added as (
            insert into token_event_batch ({TokenEventStore.Columns})
            select @RealmId, sequence - @count + 1, sequence, @FirstAt, @LastAt, @ExpiresAt, @ChainId, @ChainNumber, @Events
            from head
        )
        insert into token_event_key (realm_id, kind, value, first_sequence, expires_at)
        select @RealmId, k.kind, k.value, sequence - @count + 1, @ExpiresAt
        from head
        cross join unnest(@kinds, @values) as k (kind, value)
        """;

    private const string AddBatchSql = $"""
        insert into token_event_batch ({TokenEventStore.Columns})
        values (@realm_id, @first_sequence, @last_sequence, @first_at, @last_at, @expires_at, @chain_id, @chain_number, @events)
        """;

    private const string AddKeySql = """
        insert into token_event_key (realm_id, kind, value, first_sequence, expires_at)
        values (@realm_id, @kind, @value, @first_sequence, @expires_at)
        """;

    /// <param name="database">Where.</param>
    /// <param name="batches">One or more, in their order; all or none are added.</param>
    /// <param name="first">A realm's numbers begin above it.</param>
    /// <param name="cancellationToken">Ends it; the batches may be written or not.</param>
    public static Task ExecuteAsync(IDatabase database, IReadOnlyList<TokenEventBatch> batches, long first, CancellationToken cancellationToken) =>
        (database.Engine, batches) switch
        {
            (DatabaseEngine.Postgres, [var batch]) => AddOneAsync(database, batch, first, cancellationToken),
            (DatabaseEngine.Postgres, _) => AddAtOnceAsync(database, batches, first, cancellationToken),
            _ => AddOneByOneAsync(database, batches, first, cancellationToken),
        };

    private static async Task AddOneAsync(IDatabase database, TokenEventBatch batch, long first, CancellationToken cancellationToken)
    {
        ValueList<string> kinds = [.. batch.Keys.Select(key => key.Kind)];
        ValueList<string> values = [.. batch.Keys.Select(key => key.Value)];
        await using var session = await database.OpenAsync(cancellationToken);
        await session.ExecutePreparedAsync(
            AddOnePostgresSql,
            new
            {
                batch.RealmId,
                batch.FirstAt,
                batch.LastAt,
                batch.ExpiresAt,
                batch.ChainId,
                batch.ChainNumber,
                batch.Events,
                first,
                count = (long)batch.Count,
                kinds,
                values,
            },
            cancellationToken);
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
            lasts[ofRealm.Key] = await session.QuerySingleOrDefaultAsync<long>(TakeSql, new { RealmId = ofRealm.Key, first, count }, cancellationToken);
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
