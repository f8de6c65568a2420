using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Token.Keys;

/// <summary>The table <c>signing_key</c>.</summary>
public sealed class SigningKeyStore
{
    private const string ListSql = """
        select realm_id as RealmId, key_id as KeyId, state as State, encrypted_private_key as EncryptedPrivateKey, created_at as CreatedAt
        from signing_key
        where realm_id = @realmId
        order by created_at, key_id
        """;

    private const string AddSql = """
        insert into signing_key (realm_id, key_id, state, encrypted_private_key, created_at)
        values (@RealmId, @KeyId, @state, @EncryptedPrivateKey, @CreatedAt)
        on conflict do nothing
        """;

    /// <summary>A realm's keys, oldest first; empty where it has none yet.</summary>
    public Task<IReadOnlyList<SigningKeyRow>> ListAsync(DatabaseSession session, string realmId, CancellationToken cancellationToken) =>
        session.QueryAsync<SigningKeyRow>(ListSql, new { realmId }, cancellationToken);

    /// <summary>Adds a key. False, and nothing is changed, where the realm has an active key already and this would be another.</summary>
    public async Task<bool> AddAsync(DatabaseSession session, SigningKeyRow key, CancellationToken cancellationToken)
    {
        var state = key.State.ToString();
        return await session.ExecuteAsync(
            AddSql, new { key.RealmId, key.KeyId, state, key.EncryptedPrivateKey, key.CreatedAt }, cancellationToken) == 1;
    }
}
