using System.Security.Cryptography;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Token.Tokens.Revocation;

namespace Pltfrms.Iam.Token.Keys;

/// <summary>Changes realms' keys, one change of a realm at a time however many replicas want one, each with who did it.</summary>
public sealed class KeyChanges(
    IDatabase database, SigningKeyStore store, KeyEventStore events, KeyEncryption encryption, Revocations revocations, KeyClock clock)
{
    /// <summary>Gives the realm a key for an algorithm where it has none.</summary>
    /// <exception cref="Common.Errors.IamException">STORAGE_UNAVAILABLE.</exception>
    public Task ProvideAsync(string realmId, string algorithm, TimeSpan interval, TimeSpan lifetime, CancellationToken cancellationToken) =>
        ChangeAsync(realmId, KeyActor.Service, plan => plan.Provide(algorithm, interval, lifetime, NewKey(realmId)), cancellationToken);

    /// <summary>The regular care (<see cref="KeyPlan.Keep"/>).</summary>
    public Task KeepAsync(string realmId, TimeSpan interval, CancellationToken cancellationToken) =>
        ChangeAsync(realmId, KeyActor.Service, plan => plan.Keep(interval, NewKey(realmId)), cancellationToken);

    /// <summary>Erases what has ended, without care for what comes.</summary>
    public Task EraseEndedAsync(string realmId, CancellationToken cancellationToken) =>
        ChangeAsync(realmId, KeyActor.Service, plan => plan.EraseEnded(), cancellationToken);

    /// <summary>Lets a key sign tokens that are valid for longer than it was known to.</summary>
    public Task LengthenAsync(string realmId, string keyId, TimeSpan lifetime, CancellationToken cancellationToken) =>
        ChangeAsync(realmId, KeyActor.Service, plan => plan.Lengthen(keyId, lifetime), cancellationToken);

    /// <param name="realmId">The realm.</param>
    /// <param name="algorithm">Whose key is replaced.</param>
    /// <param name="onlyWhere">The key that signs; where it does not sign any more nothing changes. Null: any.</param>
    /// <param name="interval">How often keys are replaced.</param>
    /// <param name="actor">Who wants it.</param>
    /// <param name="cancellationToken">The call's.</param>
    public Task RotateAsync(
        string realmId, string algorithm, string? onlyWhere, TimeSpan interval, KeyActor actor, CancellationToken cancellationToken) =>
        ChangeAsync(
            realmId,
            actor,
            plan =>
            {
                if (onlyWhere is null || plan.Signs(onlyWhere))
                {
                    plan.Rotate(algorithm, interval, NewKey(realmId));
                }
            },
            cancellationToken);

    /// <summary>Ends a key at once, and with it every token that it signed.</summary>
    public async Task RevokeAsync(string realmId, string keyId, TimeSpan interval, KeyActor actor, CancellationToken cancellationToken)
    {
        var plan = await ChangeAsync(realmId, actor, plan => plan.Revoke(keyId, interval, NewKey(realmId)), cancellationToken);
        foreach (var key in Revoked(plan))
        {
            await revocations.RememberGrantAsync(realmId, key.KeyId, TokensExpireAt(key), cancellationToken);
        }
    }

    private async Task<KeyPlan> ChangeAsync(string realmId, KeyActor actor, Action<KeyPlan> change, CancellationToken cancellationToken)
    {
        await using var session = await database.BeginWriteAsync(cancellationToken);
        var now = clock.Now;
        await store.LockAsync(session, realmId, now, cancellationToken);
        var plan = new KeyPlan(await store.ListAsync(session, realmId, cancellationToken), now, clock.Times);
        change(plan);
        if (plan.IsEmpty)
        {
            return plan;
        }

        foreach (var key in plan.Removed)
        {
            await store.RemoveAsync(session, key, cancellationToken);
        }

        foreach (var key in plan.Added.Concat(plan.Changed.Select(change => change.After)))
        {
            await store.SaveAsync(session, key, cancellationToken);
        }

        foreach (var key in Revoked(plan))
        {
            await revocations.AddGrantAsync(session, realmId, key.KeyId, TokensExpireAt(key), cancellationToken);
        }

        foreach (var happened in KeyEvent.Of(plan, actor, now))
        {
            await events.AddAsync(session, happened, cancellationToken);
        }

        await session.CommitAsync(cancellationToken);
        return plan;
    }

    private static IEnumerable<SigningKeyRow> Revoked(KeyPlan plan) =>
        from change in plan.Changed
        where change is { Before.RevokedAt: null, After.RevokedAt: not null }
        select change.After;

    private DateTimeOffset TokensExpireAt(SigningKeyRow key) => KeyStages.EndsAt(key, clock.Times)!.Value;

    private KeyPlan.NewKey NewKey(string realmId) => (algorithm, signsFrom, longestLifetime) =>
    {
        var material = KeyMaterial.New(algorithm);
        var keyId = new SigningKey(algorithm, material).KeyId;
        var privateKey = material.ExportPrivateKey();
        try
        {
            return new SigningKeyRow
            {
                RealmId = realmId,
                KeyId = keyId,
                Algorithm = algorithm,
                EncryptedPrivateKey = encryption.Encrypt(realmId, keyId, privateKey),
                EncryptionKeyId = encryption.CurrentId,
                CreatedAt = clock.Now,
                SignsFrom = signsFrom,
                LongestLifetime = longestLifetime,
            };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(privateKey);
        }
    };
}
