using System.Security.Cryptography;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Token.Tokens;

namespace Pltfrms.Iam.Token.Keys;

/// <summary>Reads realms' keys from the database and opens them.</summary>
public sealed class KeyReader(IDatabase database, SigningKeyStore store, KeyEncryption encryption, TokenOptions options, TimeProvider clock)
{
    private readonly KeyTimes _times = KeyTimes.Of(options);

    /// <param name="realmId">The realm.</param>
    /// <param name="before">What was read before, whose opened keys are used again; null: nothing.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<RealmKeys> ReadAsync(string realmId, RealmKeys? before, CancellationToken cancellationToken)
    {
        await using var session = await database.BeginReadAsync(cancellationToken);
        var version = await store.GetVersionAsync(session, realmId, cancellationToken);
        var rows = await store.ListAsync(session, realmId, cancellationToken);
        return new RealmKeys(
            version,
            rows.Where(row => row.RevokedAt is null).Select(row => new RealmKey(row, before?.Find(row.KeyId) ?? Open(row))),
            rows,
            _times,
            before?.VerifiedTokens ?? new VerifiedTokenCache(options.VerifiedTokensPerRealm, clock));
    }

    /// <summary>The numbers of the last changes of some realms; one without keys is not among them.</summary>
    public async Task<IReadOnlyDictionary<string, long>> VersionsAsync(IEnumerable<string> realmIds, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        return (await store.ListVersionsAsync(session, realmIds, cancellationToken)).ToDictionary(head => head.RealmId, head => head.Version, StringComparer.Ordinal);
    }

    private SigningKey Open(SigningKeyRow row)
    {
        var privateKey = encryption.Decrypt(row.RealmId, row.KeyId, row.EncryptedPrivateKey);
        try
        {
            var key = new SigningKey(row.Algorithm, KeyMaterial.Read(row.Algorithm, privateKey));
            return key.KeyId == row.KeyId ? key : throw new CryptographicException("The stored private key is another key's.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(privateKey);
        }
    }
}
