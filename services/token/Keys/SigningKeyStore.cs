using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Token.Keys;

/// <summary>The tables <c>realm_key</c> and <c>realm_key_head</c>.</summary>
public sealed class SigningKeyStore
{
    private const string ListSql = """
        select
            realm_id, key_id, algorithm, encrypted_private_key, encryption_key_id, created_at,
            signing_starts_at as SignsFrom, signing_ends_at as SignsUntil, longest_lifetime, revoked_at
        from realm_key
        where realm_id = @realmId
        order by signing_starts_at, key_id
        """;

    // Of another algorithm or not: all changes to a realm's keys queue at this row, and become visible with its number.
    private const string LockSql = """
        insert into realm_key_head (realm_id, version)
        values (@realmId, @first)
        on conflict (realm_id) do update set version = realm_key_head.version + 1
        """;

    private const string VersionSql = "select version from realm_key_head where realm_id = @realmId";

    private const string VersionsPostgresSql = "select realm_id, version from realm_key_head where realm_id = any(@realmIds)";

    private const string VersionsSqliteSql =
        "select realm_id, version from realm_key_head where realm_id in (select value from json_each(@realmIds))";

    // A private key that was encrypted anew meanwhile stays so, unless it goes.
    private const string SaveSql = """
        insert into realm_key (
            realm_id, key_id, algorithm, encrypted_private_key, encryption_key_id, created_at, signing_starts_at, signing_ends_at, longest_lifetime, revoked_at)
        values (
            @RealmId, @KeyId, @Algorithm, @EncryptedPrivateKey, @EncryptionKeyId, @CreatedAt, @SignsFrom, @SignsUntil, @LongestLifetime, @RevokedAt)
        on conflict (realm_id, key_id) do update
        set signing_starts_at = excluded.signing_starts_at, signing_ends_at = excluded.signing_ends_at, longest_lifetime = excluded.longest_lifetime,
            revoked_at = excluded.revoked_at,
            encrypted_private_key = case when excluded.revoked_at is null then realm_key.encrypted_private_key else excluded.encrypted_private_key end
        """;

    private const string RemoveSql = "delete from realm_key where realm_id = @RealmId and key_id = @KeyId";

    private const string ListEndedSql = """
        select distinct realm_id
        from realm_key
        where signing_ends_at < @before or revoked_at < @before
        order by realm_id
        limit @limit
        """;

    /// <summary>A realm's keys in the order in which they sign; empty where it has none yet.</summary>
    public Task<IReadOnlyList<SigningKeyRow>> ListAsync(DatabaseSession session, string realmId, CancellationToken cancellationToken) =>
        session.QueryAsync<SigningKeyRow>(ListSql, new { realmId }, cancellationToken);

    /// <summary>Takes the right to change a realm's keys until the session ends. The number of the change is the next where it commits.</summary>
    public Task LockAsync(DatabaseSession session, string realmId, DateTimeOffset now, CancellationToken cancellationToken) =>
        // The numbers of a realm that was made again go on above those that replicas may remember of the one before.
        session.ExecuteAsync(LockSql, new { realmId, first = now.UtcTicks / TimeSpan.TicksPerMicrosecond }, cancellationToken);

    /// <summary>The number of the last change; 0: none.</summary>
    public Task<long> GetVersionAsync(DatabaseSession session, string realmId, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<long>(VersionSql, new { realmId }, cancellationToken);

    /// <summary>The numbers of the last changes of some realms; one without keys is not among them.</summary>
    public Task<IReadOnlyList<KeyVersion>> ListVersionsAsync(DatabaseSession session, IEnumerable<string> realmIds, CancellationToken cancellationToken) =>
        // The engines have no common way to pass a list.
        session.QueryAsync<KeyVersion>(
            session.Engine == DatabaseEngine.Postgres ? VersionsPostgresSql : VersionsSqliteSql, new { realmIds = realmIds.ToValueList() }, cancellationToken);

    /// <summary>Adds a key, or changes one. Needs the lock.</summary>
    public Task SaveAsync(DatabaseSession session, SigningKeyRow key, CancellationToken cancellationToken) =>
        session.ExecuteAsync(
            SaveSql,
            new
            {
                key.RealmId,
                key.KeyId,
                key.Algorithm,
                key.EncryptedPrivateKey,
                key.EncryptionKeyId,
                key.CreatedAt,
                key.SignsFrom,
                key.SignsUntil,
                key.LongestLifetime,
                key.RevokedAt,
            },
            cancellationToken);

    /// <summary>Erases a key. Needs the lock.</summary>
    public Task RemoveAsync(DatabaseSession session, SigningKeyRow key, CancellationToken cancellationToken) =>
        session.ExecuteAsync(RemoveSql, new { key.RealmId, key.KeyId }, cancellationToken);

    /// <summary>Realms that have keys which ended before a time, whether in use or not.</summary>
    public Task<IReadOnlyList<string>> ListEndedAsync(DatabaseSession session, DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        session.QueryAsync<string>(ListEndedSql, new { before, limit }, cancellationToken);
}

/// <summary>The number of the last change to a realm's keys.</summary>
public sealed record KeyVersion
{
    public required string RealmId { get; init; }

    public required long Version { get; init; }
}
