using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.RealmAdmin.Writes;

/// <summary>The table <c>request_log</c>: what writes with a request id were answered, for a day.</summary>
public sealed class RequestLogStore
{
    private const string FindSql = """
        select method, body_sha256, response
        from request_log
        where realm_id = @realmId and request_id = @requestId and expires_at > @at
        """;

    private const string AddSql = """
        insert into request_log (realm_id, request_id, method, body_sha256, response, expires_at)
        values (@realmId, @requestId, @Method, @BodySha256, @Response, @expiresAt)
        on conflict (realm_id, request_id) do update
        set method = excluded.method, body_sha256 = excluded.body_sha256, response = excluded.response, expires_at = excluded.expires_at
        """;

    private const string SweepSql = """
        delete from request_log
        where realm_id = @realmId and request_id in (
            select request_id from request_log
            where realm_id = @realmId and expires_at <= @at
            order by expires_at limit @limit)
        """;

    /// <summary>What was answered; null where the id is new or its day is over.</summary>
    public Task<RequestLogRow?> FindAsync(
        DatabaseSession session, string realmId, string requestId, DateTimeOffset at, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<RequestLogRow>(FindSql, new { realmId, requestId, at }, cancellationToken);

    /// <summary>Keeps an answer.</summary>
    public Task AddAsync(
        DatabaseSession session,
        string realmId,
        string requestId,
        RequestLogRow row,
        DateTimeOffset expiresAt,
        CancellationToken cancellationToken) =>
        session.ExecuteAsync(
            AddSql, new { realmId, requestId, row.Method, row.BodySha256, row.Response, expiresAt }, cancellationToken);

    /// <summary>Removes up to <paramref name="limit"/> answers of a realm whose day is over.</summary>
    public Task SweepAsync(DatabaseSession session, string realmId, DateTimeOffset at, int limit, CancellationToken cancellationToken) =>
        session.ExecuteAsync(SweepSql, new { realmId, at, limit }, cancellationToken);
}

/// <summary>A request and what it was answered.</summary>
public sealed record RequestLogRow
{
    /// <summary>The request's message type.</summary>
    public required string Method { get; init; }

    public required string BodySha256 { get; init; }

    /// <summary>The response message; empty: it is not kept.</summary>
    public required byte[] Response { get; init; }
}
