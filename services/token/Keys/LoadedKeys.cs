using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Token.Keys;

/// <summary>What a replica holds of a realm's keys: the last set that it read, and when it last knew that there is no later one.</summary>
internal sealed class LoadedKeys(Realm realm, RealmKeys keys, long readAt)
{
    private readonly Lock _swap = new();
    private volatile RealmKeys _keys = keys;
    private long _confirmedAt = readAt;
    private Lazy<Task>? _reading;

    /// <summary>As the last who asked for its keys knew it.</summary>
    public Realm Realm { get; set; } = realm;

    public RealmKeys Keys => _keys;

    /// <summary>The timestamp of the last moment at which nothing was missing.</summary>
    public long ConfirmedAt => Interlocked.Read(ref _confirmedAt);

    /// <param name="askedAt">A timestamp from before the database was asked.</param>
    public void Confirm(long askedAt)
    {
        lock (_swap)
        {
            Interlocked.Exchange(ref _confirmedAt, Math.Max(askedAt, _confirmedAt));
        }
    }

    /// <summary>Takes the place of what was read earlier, and not of what was read later.</summary>
    public void Swap(RealmKeys read, long askedAt)
    {
        lock (_swap)
        {
            if (askedAt >= _confirmedAt)
            {
                _keys = read;
                Interlocked.Exchange(ref _confirmedAt, askedAt);
            }
        }
    }

    /// <summary>Those who find at the same time that the keys may be old wait for one reading.</summary>
    public async Task ReadOnceAsync(Func<Task> read, CancellationToken cancellationToken)
    {
        var mine = new Lazy<Task>(read);
        var reading = Interlocked.CompareExchange(ref _reading, mine, null) ?? mine;
        try
        {
            await reading.Value.WaitAsync(cancellationToken);
        }
        finally
        {
            if (reading.Value.IsCompleted)
            {
                Interlocked.CompareExchange(ref _reading, null, reading);
            }
        }
    }
}
