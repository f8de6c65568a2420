using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Consent.Pipeline;

/// <summary>The table <c>authorization_run</c>: what became of the scopes of each authorization, kept for a while for those who ask why.</summary>
public sealed class AuthorizationStore
{
    /// <summary>Key of a refusal's metadata: the run that tells why, for ExplainScopes.</summary>
    public const string MetadataKey = "authorization_id";

    /// <summary>How long a run can be explained.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    private const string AddSql = """
        insert into authorization_run (realm_id, authorization_id, run, expires_at)
        values (@realmId, @authorizationId, @run, @expiresAt)
        """;

    private const string FindSql = """
        select run
        from authorization_run
        where realm_id = @realmId and authorization_id = @authorizationId and expires_at > @now
        """;

    private const string UpdateSql = "update authorization_run set run = @run where realm_id = @realmId and authorization_id = @authorizationId";

    public Task AddAsync(
        DatabaseSession session, string realmId, string authorizationId, PipelineRun run, DateTimeOffset expiresAt, CancellationToken cancellationToken) =>
        session.ExecuteAsync(AddSql, new { realmId, authorizationId, run, expiresAt }, cancellationToken);

    /// <summary>The run; null: there is none, or it is too long ago.</summary>
    public Task<PipelineRun?> FindAsync(
        DatabaseSession session, string realmId, string authorizationId, DateTimeOffset now, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<PipelineRun>(FindSql, new { realmId, authorizationId, now }, cancellationToken);

    public Task UpdateAsync(
        DatabaseSession session, string realmId, string authorizationId, PipelineRun run, CancellationToken cancellationToken) =>
        session.ExecuteAsync(UpdateSql, new { realmId, authorizationId, run }, cancellationToken);
}
