using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Token.Audit;

/// <summary>The tables <c>token_event</c> and <c>token_event_head</c>. Rows are only ever added, and expire.</summary>
public sealed class TokenEventStore
{
    private const string Columns = """
        realm_id, event_id, sequence, happened_at, expires_at, kind, client_id, user_id, token_id, family_id, details, chain_id, chain_number, hash
        """;

    // One statement, so one round trip: numbers are taken, and the row that gives them is locked, until it is committed.
    private const string AddPostgresSql = $"""
        with event as (
            select realm_id, after, event_id, happened_at, expires_at, kind, client_id, user_id, token_id, family_id, details, chain_id, chain_number, hash
            from unnest(
                @realm_id, @after, @event_id, @happened_at, @expires_at, @kind, @client_id, @user_id, @token_id, @family_id, @details,
                @chain_id, @chain_number, @hash)
                as e (realm_id, after, event_id, happened_at, expires_at, kind, client_id, user_id, token_id, family_id, details,
                    chain_id, chain_number, hash)
        ), head as (
            insert into token_event_head (realm_id, sequence)
            select realm_id, (@first)[1] + count(*) from event group by realm_id order by realm_id
            on conflict (realm_id) do update set sequence = token_event_head.sequence + excluded.sequence - (@first)[1]
            returning realm_id, sequence
        )
        insert into token_event ({Columns})
        select e.realm_id, e.event_id, h.sequence - e.after, e.happened_at, e.expires_at, e.kind, e.client_id, e.user_id, e.token_id, e.family_id,
            e.details, e.chain_id, e.chain_number, e.hash
        from event e
        join head h on h.realm_id = e.realm_id
        """;

    private const string TakeSql = """
        insert into token_event_head (realm_id, sequence)
        values (@realmId, @first + @count)
        on conflict (realm_id) do update set sequence = token_event_head.sequence + @count
        returning sequence
        """;

    private const string AddSql = $"""
        insert into token_event ({Columns})
        values (
            @RealmId, @EventId, @Sequence, @HappenedAt, @ExpiresAt, @Kind, @ClientId, @UserId, @TokenId, @FamilyId, @Details,
            @ChainId, @ChainNumber, @Hash)
        """;

    private const string FindSql = $"""
        select {Columns}
        from token_event
        where realm_id = @realmId and event_id = @eventId
        """;

    // The engines have no common way to pass a list.
    private const string KnownPostgresSql = "select event_id from token_event where realm_id = @realmId and event_id = any(@eventIds)";

    private const string KnownSqliteSql =
        "select event_id from token_event where realm_id = @realmId and event_id in (select value from json_each(@eventIds))";

    private const string Between = $"""
        select {Columns}
        from token_event
        where realm_id = @RealmId and sequence > @after and sequence < @before and expires_at > @now
            and happened_at >= @StartTime and happened_at < @EndTime and (@Kind = '' or kind = @Kind)
            and (@ClientId = '' or client_id = @ClientId) and (@UserId = '' or user_id = @UserId)
        """;

    private const string NewestFirst = "order by sequence desc limit @limit";
    private const string OldestFirst = "order by sequence limit @limit";

    private const string OfFamiliesPostgres = "and (family_id = any(@Families) or event_id = any(@Tokens))";

    private const string OfFamiliesSqlite = """
        and (family_id in (select value from json_each(@Families)) or event_id in (select value from json_each(@Tokens)))
        """;

    // PostgreSQL sees the values when it plans; SQLite needs a statement for each index that it may choose. The rest is looked at row by row.
    private const string OfUser = "and user_id = @UserId";
    private const string OfClient = "and client_id = @ClientId";

    /// <summary>Adds rows as the realms' next, in their order. All or none; when it returns they are on disk.</summary>
    /// <param name="database">Where.</param>
    /// <param name="rows">One or more, whose sequences are not set.</param>
    /// <param name="now">Numbers of a realm that was made again go on above those of the one before.</param>
    /// <param name="cancellationToken">Ends it; the rows may be written or not.</param>
    /// <exception cref="UniqueViolationException">A row is there already, and none was added.</exception>
    public Task AddAsync(IDatabase database, IReadOnlyList<TokenEventRow> rows, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var first = now.UtcTicks / TimeSpan.TicksPerMicrosecond;
        return database.Engine == DatabaseEngine.Postgres
            ? AddAtOnceAsync(database, rows, first, cancellationToken)
            : AddOneByOneAsync(database, rows, first, cancellationToken);
    }

    /// <summary>An event; null: there is none, or none any more.</summary>
    public Task<TokenEventRow?> FindAsync(DatabaseSession session, string realmId, string eventId, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<TokenEventRow>(FindSql, new { realmId, eventId }, cancellationToken);

    /// <summary>Those of some ids that there is an event of.</summary>
    public Task<IReadOnlyList<string>> ListKnownAsync(
        DatabaseSession session, string realmId, ValueList<string> eventIds, CancellationToken cancellationToken) =>
        session.QueryAsync<string>(
            session.Engine == DatabaseEngine.Postgres ? KnownPostgresSql : KnownSqliteSql, new { realmId, eventIds }, cancellationToken);

    /// <summary>The events behind a position in the filter's order that it lets through.</summary>
    /// <param name="session">Reads.</param>
    /// <param name="filter">Its story is not looked at beyond families and tokens.</param>
    /// <param name="position">The sequence of the last event before; null: from the first.</param>
    /// <param name="limit">How many at the most.</param>
    /// <param name="now">What has expired is not there.</param>
    /// <param name="cancellationToken">The call's.</param>
    public Task<IReadOnlyList<TokenEventRow>> ListAsync(
        DatabaseSession session, TokenEventFilter filter, long? position, int limit, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var narrowed = filter switch
        {
            { Families.Count: > 0 } => session.Engine == DatabaseEngine.Postgres ? OfFamiliesPostgres : OfFamiliesSqlite,
            { UserId.Length: > 0 } => OfUser,
            { ClientId.Length: > 0 } => OfClient,
            _ => "",
        };
        return session.QueryAsync<TokenEventRow>(
            $"{Between} {narrowed} {(filter.OldestFirst ? OldestFirst : NewestFirst)}",
            new
            {
                filter.RealmId,
                filter.StartTime,
                filter.EndTime,
                Kind = filter.Kind?.ToString() ?? "",
                filter.ClientId,
                filter.UserId,
                filter.Families,
                Tokens = filter.Tokens,
                after = filter.OldestFirst ? position ?? 0 : 0,
                before = filter.OldestFirst ? long.MaxValue : position ?? long.MaxValue,
                now,
                limit,
            },
            cancellationToken);
    }

    private static async Task AddAtOnceAsync(IDatabase database, IReadOnlyList<TokenEventRow> rows, long first, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await session.ExecuteColumnsAsync(
            AddPostgresSql,
            new Dictionary<string, Array>
            {
                ["realm_id"] = Column(rows, row => row.RealmId),
                ["after"] = Followers(rows),
                ["event_id"] = Column(rows, row => row.EventId),
                ["happened_at"] = Column(rows, row => row.HappenedAt),
                ["expires_at"] = Column(rows, row => row.ExpiresAt),
                ["kind"] = Column(rows, row => row.Kind),
                ["client_id"] = Column(rows, row => row.ClientId),
                ["user_id"] = Column(rows, row => row.UserId),
                ["token_id"] = Column(rows, row => row.TokenId),
                ["family_id"] = Column(rows, row => row.FamilyId),
                ["details"] = Column(rows, row => row.Details),
                ["chain_id"] = Column(rows, row => row.ChainId),
                ["chain_number"] = Column(rows, row => row.ChainNumber),
                ["hash"] = Column(rows, row => row.Hash),
                ["first"] = new[] { first },
            },
            cancellationToken);
    }

    private static async Task AddOneByOneAsync(IDatabase database, IReadOnlyList<TokenEventRow> rows, long first, CancellationToken cancellationToken)
    {
        await using var session = await database.BeginWriteAsync(cancellationToken);
        foreach (var ofRealm in rows.GroupBy(row => row.RealmId, StringComparer.Ordinal))
        {
            var added = ofRealm.ToList();
            var last = await session.QuerySingleOrDefaultAsync<long>(TakeSql, new { realmId = ofRealm.Key, first, count = (long)added.Count }, cancellationToken);
            await session.ExecuteEachAsync(AddSql, [.. added.Select((row, i) => row with { Sequence = last - (added.Count - 1 - i) })], cancellationToken);
        }

        await session.CommitAsync(cancellationToken);
    }

    private static T[] Column<T>(IReadOnlyList<TokenEventRow> rows, Func<TokenEventRow, T> of)
    {
        var column = new T[rows.Count];
        for (var i = 0; i < column.Length; i++)
        {
            column[i] = of(rows[i]);
        }

        return column;
    }

    /// <summary>How many rows of the same realm come after each.</summary>
    private static long[] Followers(IReadOnlyList<TokenEventRow> rows)
    {
        Dictionary<string, long> seen = new(StringComparer.Ordinal);
        var followers = new long[rows.Count];
        for (var i = rows.Count - 1; i >= 0; i--)
        {
            followers[i] = seen.GetValueOrDefault(rows[i].RealmId);
            seen[rows[i].RealmId] = followers[i] + 1;
        }

        return followers;
    }
}
