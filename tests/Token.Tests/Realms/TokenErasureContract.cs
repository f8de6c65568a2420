using Grpc.Net.Client;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.Storage;
using Testing;
using Testing.Databases;
using Testing.Realms;
using Token.Tests.Hosting;
using Wire = Pltfrms.Iam.Token.V1;

namespace Token.Tests.Realms;

/// <summary>The token service.</summary>
public abstract class TokenErasureContract(TestDatabase database) : RealmErasureContract(database)
{
    private readonly TestRealmFeed _realms = new();
    private TokenReplica _service = null!;
    private GrpcChannel _channel = null!;

    protected override IReadOnlyCollection<string> Tables => [.. TokenTables.OfRealms.Select(table => table.Name)];

    protected override string LargeTable => "refresh_token";

    protected override IReadOnlyDictionary<string, string> Constrained { get; } = new Dictionary<string, string>
    {
        ["realm_key.algorithm"] = "ES256",
        ["device_authorization.state"] = "Pending",
    };

    public override async Task InitializeAsync()
    {
        _service = await TokenReplica.StartAsync(Settings, _realms, new FakeClock());
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
            new() { RealmId = realmId }, TokenReplica.Operator, Deadline);
        return (answer.ErasedCount, answer.Done);
    }

    protected override void Make(Realm realm) => _realms.Set(realm.RealmId, [realm]);

    protected override void Lose() => _realms.IsDown = true;
}

public sealed class SqliteRealmErasureTests(SqliteTokenDatabase database) : TokenErasureContract(database), IClassFixture<SqliteTokenDatabase>;

[NeedsPostgres]
public sealed class PostgresRealmErasureTests(PostgresTokenDatabase database) : TokenErasureContract(database), IClassFixture<PostgresTokenDatabase>;
