using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.RealmAdmin.Registration;

/// <summary>The table <c>client_registration</c>: how clients that were registered dynamically manage themselves. A row goes with its client.</summary>
public sealed class RegistrationStore
{
    private const string IsOwn = "realm_id = @realmId and client_id = @clientId and (token_hash = @tokenHash or previous_token_hash = @tokenHash)";

    private const string AddSql = """
        insert into client_registration (realm_id, client_id, token_hash, software_statement, policy, used_at)
        values (@realmId, @ClientId, @tokenHash, @SoftwareStatement, @Policy, @at)
        """;

    private const string FindSql = $"select client_id, software_statement, policy from client_registration where {IsOwn}";

    // The token that is presented stays good until its successor is: whoever lost the answer comes again with it, and gets another successor.
    private const string RotateSql = $"""
        update client_registration
        set previous_token_hash = @tokenHash, token_hash = @nextHash
        where {IsOwn}
        returning client_id, software_statement, policy
        """;

    private const string SetStatementSql = """
        update client_registration set software_statement = @statement where realm_id = @realmId and client_id = @clientId
        """;

    private const string CountSql = "select count(1) from client where realm_id = @realmId and dynamically_registered";

    private const string UseSql = """
        update client_registration set used_at = @at where realm_id = @realmId and client_id = @clientId and used_at < @at
        """;

    private const string ListUnusedSql = """
        select client_id from client_registration where realm_id = @realmId and used_at < @before order by used_at, client_id limit @limit
        """;

    private const string IsUnusedSql = """
        select count(1) from client_registration where realm_id = @realmId and client_id = @clientId and used_at < @before
        """;

    public Task AddAsync(
        DatabaseSession session, string realmId, RegistrationRow row, string tokenHash, DateTimeOffset at, CancellationToken cancellationToken) =>
        session.ExecuteAsync(AddSql, new { realmId, row.ClientId, tokenHash, row.SoftwareStatement, row.Policy, at }, cancellationToken);

    /// <summary>The registration whose token this is, the current one or the one before; null where it is not the client's.</summary>
    public Task<RegistrationRow?> FindAsync(
        DatabaseSession session, string realmId, string clientId, string tokenHash, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<RegistrationRow>(FindSql, new { realmId, clientId, tokenHash }, cancellationToken);

    /// <summary>The same, and makes another token the current one.</summary>
    public Task<RegistrationRow?> RotateAsync(
        DatabaseSession session, string realmId, string clientId, string tokenHash, string nextHash, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<RegistrationRow>(RotateSql, new { realmId, clientId, tokenHash, nextHash }, cancellationToken);

    public Task SetStatementAsync(DatabaseSession session, string realmId, string clientId, string? statement, CancellationToken cancellationToken) =>
        session.ExecuteAsync(SetStatementSql, new { realmId, clientId, statement }, cancellationToken);

    /// <summary>How many clients of the realm were registered dynamically.</summary>
    public Task<long> CountAsync(DatabaseSession session, string realmId, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<long>(CountSql, new { realmId }, cancellationToken);

    /// <summary>Notes that clients got tokens.</summary>
    public Task UseAsync(
        DatabaseSession session, string realmId, IEnumerable<string> clientIds, DateTimeOffset at, CancellationToken cancellationToken) =>
        session.ExecuteEachAsync(UseSql, clientIds.Select(clientId => new { realmId, clientId, at }).ToArray(), cancellationToken);

    /// <summary>Clients that got no token since, those first that did so for longest.</summary>
    public Task<IReadOnlyList<string>> ListUnusedAsync(
        DatabaseSession session, string realmId, DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        session.QueryAsync<string>(ListUnusedSql, new { realmId, before, limit }, cancellationToken);

    public async Task<bool> IsUnusedAsync(
        DatabaseSession session, string realmId, string clientId, DateTimeOffset before, CancellationToken cancellationToken) =>
        await session.QuerySingleOrDefaultAsync<long>(IsUnusedSql, new { realmId, clientId, before }, cancellationToken) > 0;
}
