using Pltfrms.Iam.Common.Jose;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Token;
using Pltfrms.Iam.Token.Keys;
using Testing;

namespace Token.Tests.Keys;

/// <summary>A realm of its own, and as many replicas that keep its keys as a test wants.</summary>
internal sealed class KeyRingBench(IDatabase database)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan Interval = TimeSpan.FromDays(90);

    public IDatabase Database => database;

    public string RealmId { get; } = $"realm-{Guid.NewGuid():n}";

    public FakeClock Clock { get; } = new();

    public TokenOptions Options { get; } = new();

    public Realm Realm() => new() { RealmId = RealmId, SigningKeyRotationInterval = Interval };

    public async Task<SigningKey> SignerAsync(KeyRing ring) => await ring.SignerAsync(Realm(), SignatureAlgorithms.Es256, Lifetime, CancellationToken.None);

    public KeyRing Replica() => TestKeys.Ring(database, Options, Clock);

    public KeyChanges Changes() => TestKeys.Changes(database, Options, Clock);

    public IEnumerable<KeyStage> Stages(IEnumerable<SigningKeyRow> rows) => rows.Select(row => KeyStages.Of(row, Clock.GetUtcNow(), KeyTimes.Of(Options)));

    public async Task<IReadOnlyList<SigningKeyRow>> RowsAsync()
    {
        await using var session = await database.OpenAsync(CancellationToken.None);
        return await new SigningKeyStore().ListAsync(session, RealmId, CancellationToken.None);
    }

    public async Task ExecuteAsync(string sql, object parameters)
    {
        await using var session = await database.BeginWriteAsync(CancellationToken.None);
        await session.ExecuteAsync(sql, parameters, CancellationToken.None);
        await session.CommitAsync(CancellationToken.None);
    }
}
