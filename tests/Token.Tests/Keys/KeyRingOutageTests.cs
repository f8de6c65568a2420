using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Jose;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token;
using Pltfrms.Iam.Token.Keys;
using Testing;
using Token.Tests.Hosting;

namespace Token.Tests.Keys;

/// <summary>What a replica does with its keys while the database is away.</summary>
public sealed class KeyRingOutageTests
{
    private static readonly Realm Demo = new() { RealmId = "demo" };

    [Fact]
    public async Task An_outage_at_the_first_use_is_told_and_forgotten_when_it_is_over()
    {
        var database = new SqliteTokenDatabase();
        await database.InitializeAsync();
        var ring = TestKeys.Ring(database.Database, new TokenOptions(), new FakeClock());

        database.Stop();
        var outage = await Assert.ThrowsAsync<IamException>(async () => await ring.GetAsync(Demo, CancellationToken.None));
        database.Start();
        var keys = await ring.GetAsync(Demo, CancellationToken.None);
        database.Stop();
        var again = await ring.GetAsync(Demo, CancellationToken.None);
        database.Start();

        Assert.Equal(ErrorReason.StorageUnavailable, outage.Reason);
        Assert.Same(keys, again);
        await database.DisposeAsync();
    }

    [Fact]
    public async Task Without_a_database_a_replica_signs_until_others_may_have_replaced_its_key()
    {
        var database = new SqliteTokenDatabase();
        await database.InitializeAsync();
        var lasting = TestKeys.Ring(database.Database, new TokenOptions(), new FakeClock());
        var impatient = TestKeys.Ring(database.Database, new TokenOptions { RevocationStaleAfter = TimeSpan.Zero, JwksMaxAge = TimeSpan.Zero }, new FakeClock());
        var key = await SignerAsync(lasting);
        await SignerAsync(impatient);

        database.Stop();
        var same = await SignerAsync(lasting);
        var outage = await Assert.ThrowsAsync<IamException>(() => SignerAsync(impatient));
        database.Start();

        Assert.Equal(key.KeyId, same.KeyId);
        Assert.Equal(ErrorReason.StorageUnavailable, outage.Reason);
        await database.DisposeAsync();
    }

    private static async Task<SigningKey> SignerAsync(KeyRing ring) =>
        await ring.SignerAsync(Demo, SignatureAlgorithms.Es256, TimeSpan.FromMinutes(5), CancellationToken.None);
}
