using Consent.Tests.Consents;
using Consent.Tests.Hosting;
using Grpc.Net.Client;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Consent.Storage;
using Testing;
using Testing.Databases;
using Testing.Realms;
using Token.Tests.Hosting;
using Wire = Pltfrms.Iam.Consent.V1;

namespace Consent.Tests.Realms;

/// <summary>The consent service.</summary>
public abstract class ConsentErasureContract(TestDatabase database) : RealmErasureContract(database)
{
    private readonly TestRealmFeed _realms = new();
    private ConsentReplica _service = null!;
    private GrpcChannel _channel = null!;

    protected override IReadOnlyCollection<string> Tables => [.. ConsentTables.OfRealms.Select(table => table.Name)];

    protected override string LargeTable => "consent_receipt";

    protected override IReadOnlyDictionary<string, string> Constrained { get; } = new Dictionary<string, string>
    {
        ["consent.decision"] = "granted",
    };

    public override async Task InitializeAsync()
    {
        _service = await ConsentReplica.StartAsync(Settings, _realms, new FakeClock());
        _channel = GrpcChannel.ForAddress(_service.GrpcAddress);
    }

    public override async Task DisposeAsync()
    {
        _channel.Dispose();
        await _service.DisposeAsync();
    }

    protected override async Task<(long Erased, bool Done)> EraseAsync(string realmId)
    {
        var answer = await new Wire.RealmErasureService.RealmErasureServiceClient(_channel).EraseRealmAsync(
            new() { RealmId = realmId }, ConsentReplica.Operator, Deadline);
        return (answer.ErasedCount, answer.Done);
    }

    protected override void Make(Realm realm) => _realms.Set(realm.RealmId, [realm]);

    protected override void Lose() => _realms.IsDown = true;
}

public sealed class SqliteRealmErasureTests(SqliteConsentDatabase database) : ConsentErasureContract(database), IClassFixture<SqliteConsentDatabase>;

[NeedsPostgres]
public sealed class PostgresRealmErasureTests(PostgresConsentDatabase database) : ConsentErasureContract(database), IClassFixture<PostgresConsentDatabase>;
