using System.Buffers.Text;
using System.Text.Json;
using Pltfrms.Iam.Common.Realms.Model;
using Testing.Databases;
using Token.Tests.Authorization;
using Token.Tests.Hosting;
using Wire = Pltfrms.Iam.Token.V1;

namespace Token.Tests.Audit;

/// <summary>Two replicas that write down what happens to tokens, and what an auditor reads of it.</summary>
public abstract class TokenEventScenario(TestDatabase database) : IAsyncLifetime
{
    protected long Revision { get; private set; }

    private protected FlowBench Bench { get; private set; } = null!;

    protected TestDatabase Database => database;

    public async Task InitializeAsync()
    {
        if (PostgresInstallation.SkipReason is null || database is SqliteTestDatabase)
        {
            Bench = await FlowBench.StartAsync(database);
            await SetAsync(new AuditSettings { DurableAudit = true });
        }
    }

    public async Task DisposeAsync()
    {
        if (Bench is not null)
        {
            await Bench.DisposeAsync();
        }
    }

    protected async Task SetAsync(AuditSettings settings)
    {
        var realm = Bench.Realms.Resources("demo").OfType<Realm>().Single();
        Revision = Bench.Realms.Change("demo", realm with { AuditSettings = settings });
        await Bench.One.ReachAsync("demo", Revision);
        await Bench.Two.ReachAsync("demo", Revision);
    }

    protected Task<string> IssueAsync(string clientId, string secret = TestRealm.ServiceSecret) => Bench.One.IssueAsync("demo", clientId, secret);

    protected static string IdOf(string token) =>
        JsonDocument.Parse(Base64Url.DecodeFromChars(token.Split('.')[1])).RootElement.GetProperty("jti").GetString()!;

    protected Task<IReadOnlyList<Wire.TokenEvent>> StoryAsync(string tokenId) => ListAsync(new() { TokenId = tokenId });

    /// <summary>As things happened.</summary>
    protected async Task<IReadOnlyList<Wire.TokenEvent>> ListAsync(Wire.ListTokenEventsRequest request)
    {
        request.RealmId = request.RealmId.Length == 0 ? "demo" : request.RealmId;
        request.OldestFirst = true;
        var answer = await Bench.Two.TokenAudit.ListTokenEventsAsync(request, TokenReplica.Operator);
        return answer.Events;
    }
}
