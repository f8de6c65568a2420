using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Token.Tokens.Revocation;

/// <summary>
/// Which tokens are revoked, one by one, with their grant or with the key that signed them. Answers from memory, which <see cref="RevocationFeed"/> keeps current;
/// knowing that it may be behind, it asks the database for the one token instead of guessing.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A semaphore whose wait handle nobody asks for holds nothing to dispose of.")]
public sealed class Revocations(IDatabase database, RevocationStore store, TokenOptions options, TimeProvider clock)
{
    /// <summary>How many realms may wait to be read at once; where there are more, the next poll reads them all.</summary>
    private const int MaxHurried = 1024;

    /// <summary>Clocks of replicas differ, and are put right: what has expired by this one's may be good by another's, or be so here again.</summary>
    private static readonly TimeSpan ClockMargin = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, Lazy<Task<RealmRevocations>>> _realms = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _reading = new(1);
    private readonly Channel<string> _hurried = NewQueue();
    private readonly Channel<string> _told = NewQueue();

    /// <summary>Revocations of a realm in use were read. Who listens must be quick.</summary>
    public event Action<RevocationNews>? Heard;

    /// <summary>A realm is not in use any more.</summary>
    public event Action<string>? Forgotten;

    /// <summary>Realms of which something was revoked, to be read before the next poll.</summary>
    internal ChannelReader<string> Hurried => _hurried.Reader;

    /// <summary>Those of them in which this replica revoked it, to tell others.</summary>
    internal ChannelReader<string> Told => _told.Reader;

    /// <exception cref="Common.Errors.IamException">STORAGE_UNAVAILABLE where nobody can know.</exception>
    public ValueTask<bool> IsRevokedAsync(AccessToken token, CancellationToken cancellationToken)
    {
        if (Find(token.RealmId) is not { } realm)
        {
            return new(LoadAndAskAsync(token, cancellationToken));
        }

        if (realm.Contains(token))
        {
            return new(true);
        }

        return IsStale(realm) ? new(AskDatabaseAsync(token, cancellationToken)) : new(false);
    }

    /// <summary>Revokes a token. When it returns, the revocation is stored and this replica accepts the token no more.</summary>
    /// <exception cref="Common.Errors.IamException">STORAGE_UNAVAILABLE; the token is not revoked.</exception>
    public async Task RevokeAsync(AccessToken token, CancellationToken cancellationToken)
    {
        var realm = await LoadOnceAsync(token.RealmId, cancellationToken);
        if (realm.Contains(token.TokenId))
        {
            return;
        }

        await using var session = await database.BeginWriteAsync(cancellationToken);
        await store.AddAsync(session, token.RealmId, token.TokenId, token.ExpiresAt, clock.GetUtcNow(), cancellationToken);
        await session.CommitAsync(cancellationToken);
        realm.Add(token.TokenId, token.ExpiresAt);
        Tell(token.RealmId);
    }

    /// <summary>Has what was revoked of a realm read before the next poll, for those who watch it.</summary>
    public void Hurry(string realmId) => _hurried.Writer.TryWrite(realmId);

    /// <summary>Revokes all tokens of a grant as part of a write: other replicas learn of it when the write commits.</summary>
    /// <param name="session">Writes.</param>
    /// <param name="realmId">The realm.</param>
    /// <param name="grantId">The grant.</param>
    /// <param name="tokensExpireAt">When the last of its access tokens expires.</param>
    /// <param name="cancellationToken">The call's.</param>
    public async Task AddGrantAsync(
        DatabaseSession session, string realmId, string grantId, DateTimeOffset tokensExpireAt, CancellationToken cancellationToken)
    {
        // First, so that nothing can fail once the write has committed.
        await LoadOnceAsync(realmId, cancellationToken);
        await store.AddAsync(session, realmId, grantId, tokensExpireAt, clock.GetUtcNow(), cancellationToken);
    }

    /// <summary>Makes this replica refuse the grant's tokens at once; to be called when the write has committed.</summary>
    public async Task RememberGrantAsync(string realmId, string grantId, DateTimeOffset tokensExpireAt, CancellationToken cancellationToken)
    {
        (await LoadOnceAsync(realmId, cancellationToken)).Add(grantId, tokensExpireAt);
        Tell(realmId);
    }

    /// <summary>What is revoked in a realm, read where it is not in use yet.</summary>
    /// <exception cref="Common.Errors.IamException">STORAGE_UNAVAILABLE.</exception>
    public Task<RealmRevocations> LoadAsync(string realmId, CancellationToken cancellationToken) => LoadOnceAsync(realmId, cancellationToken);

    /// <summary>What is revoked in a realm; null: it is not in use.</summary>
    public RealmRevocations? Find(string realmId) =>
        _realms.TryGetValue(realmId, out var loading) && loading is { IsValueCreated: true, Value.IsCompletedSuccessfully: true } ? loading.Value.Result : null;

    /// <summary>Reads what was revoked in some realms, of which those that are in use matter.</summary>
    public async Task RefreshAsync(IReadOnlyCollection<string> realmIds, CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            await ReadAsync(realmIds, cancellationToken);
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>Reads what other replicas revoked in the realms in use.</summary>
    public Task RefreshAsync(CancellationToken cancellationToken) =>
        _realms.IsEmpty ? Task.CompletedTask : RefreshAsync([.. _realms.Keys], cancellationToken);

    private async Task ReadAsync(IReadOnlyCollection<string> realmIds, CancellationToken cancellationToken)
    {
        // Taken before the read: what commits after the read began is not confirmed.
        var confirmedAt = clock.GetTimestamp();
        await using var session = await database.OpenAsync(cancellationToken);
        var heads = (await store.ListHeadsAsync(session, realmIds, cancellationToken)).ToDictionary(h => h.RealmId, h => h.Sequence, StringComparer.Ordinal);
        foreach (var realmId in realmIds)
        {
            if (Find(realmId) is { } realm)
            {
                await ReadAsync(session, realmId, realm, heads.GetValueOrDefault(realmId), confirmedAt, cancellationToken);
            }
        }
    }

    /// <summary>Lets go of a realm that is not in use any more; it is read again when it is.</summary>
    public void Forget(string realmId)
    {
        _realms.TryRemove(realmId, out _);
        Forgotten?.Invoke(realmId);
    }

    public void Sweep()
    {
        foreach (var (realmId, _) in _realms)
        {
            Find(realmId)?.Sweep(OverBefore);
        }
    }

    private async Task ReadAsync(
        DatabaseSession session, string realmId, RealmRevocations realm, long head, long confirmedAt, CancellationToken cancellationToken)
    {
        if (head != realm.Sequence)
        {
            // A head that went back tells of a database restored from a backup: everything is read again.
            var isAnew = head < realm.Sequence;
            var rows = await store.ListAfterAsync(session, realmId, isAnew ? 0 : realm.Sequence, OverBefore, cancellationToken);
            foreach (var row in rows)
            {
                realm.Add(row.TokenId, row.ExpiresAt);
            }

            // Who begins to listen between the three has the rows, and is told of no moment at which it had not.
            var sequence = rows is [.., var last] ? Math.Max(head, last.Sequence) : head;
            realm.Reach(sequence);
            Heard?.Invoke(new(realmId, rows, sequence, isAnew));
            realm.Confirm(sequence, confirmedAt);
        }
        else
        {
            realm.Confirm(head, confirmedAt);
        }
    }

    private static Channel<string> NewQueue() => Channel.CreateBounded<string>(
        new BoundedChannelOptions(MaxHurried) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private void Tell(string realmId)
    {
        Hurry(realmId);
        _told.Writer.TryWrite(realmId);
    }

    /// <summary>What expired before is over for all.</summary>
    private DateTimeOffset OverBefore => clock.GetUtcNow() - ClockMargin;

    private bool IsStale(RealmRevocations realm) => clock.GetElapsedTime(realm.ConfirmedAt) > options.RevocationStaleAfter;

    private async Task<bool> LoadAndAskAsync(AccessToken token, CancellationToken cancellationToken)
    {
        var realm = await LoadOnceAsync(token.RealmId, cancellationToken);
        return realm.Contains(token) || (IsStale(realm) && await AskDatabaseAsync(token, cancellationToken));
    }

    private async Task<bool> AskDatabaseAsync(AccessToken token, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        if (await store.ContainsAsync(session, token, cancellationToken))
        {
            return true;
        }

        // Found as a grant is: what a token comes from expires no sooner than the token.
        foreach (var parentId in token.ParentIds)
        {
            if (await store.ContainsAsync(session, token with { GrantId = parentId, KeyId = null }, cancellationToken))
            {
                return true;
            }
        }

        return false;
    }

    private async Task<RealmRevocations> LoadOnceAsync(string realmId, CancellationToken cancellationToken)
    {
        var loading = _realms.GetOrAdd(realmId, id => new Lazy<Task<RealmRevocations>>(() => LoadAsync(id)));
        try
        {
            return await loading.Value.WaitAsync(cancellationToken);
        }
        catch when (loading.Value.IsFaulted)
        {
            _realms.TryRemove(KeyValuePair.Create(realmId, loading));
            throw;
        }
    }

    private async Task<RealmRevocations> LoadAsync(string realmId)
    {
        var confirmedAt = clock.GetTimestamp();
        await using var session = await database.BeginReadAsync(CancellationToken.None);
        var head = await store.GetHeadAsync(session, realmId, CancellationToken.None);
        var realm = new RealmRevocations(head, confirmedAt);
        foreach (var row in await store.ListAfterAsync(session, realmId, after: 0, OverBefore, CancellationToken.None))
        {
            realm.Add(row.TokenId, row.ExpiresAt);
        }

        return realm;
    }
}
