using Testing.Databases;
using Token.Tests.Hosting;

namespace Token.Tests.Feeds;

/// <summary>A replica whose polls are too far apart to be of use hears of what another revokes all the same.</summary>
[NeedsPostgres]
public sealed class RevocationNoticeTests : IAsyncLifetime
{
    private readonly PostgresTokenDatabase _database = new();
    private FeedService _service = null!;

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        _service = await FeedService.StartAsync(
            _database, ("Token:RevocationPollInterval", "00:30:00"), ("Token:RevocationStaleAfter", "01:00:00"));
    }

    public async Task DisposeAsync()
    {
        await _service.DisposeAsync();
        await _database.DisposeAsync();
    }

    [StorageFact]
    public async Task What_another_replica_revokes_comes_with_its_notice()
    {
        using var watcher = new WatchedRevocations(_service.Feed, TokenReplica.Operator, TestRealm.Id);
        watcher.Connect();
        await watcher.BeatAsync();

        await using var other = await FeedService.StartAsync(
            _database, ("Token:RevocationPollInterval", "00:30:00"), ("Token:RevocationStaleAfter", "01:00:00"));
        await watcher.HearAsync(await RevokeAtAsync(other));
        await watcher.HearAsync(await RevokeAtAsync(other));
    }

    /// <summary>Revokes a token; its id.</summary>
    private static async Task<string> RevokeAtAsync(FeedService other)
    {
        var token = await other.Replica.IssueAsync(TestRealm.Id, "demo-service", TestRealm.ServiceSecret);
        var known = await other.Replica.Tokens.IntrospectTokenAsync(new() { RealmId = TestRealm.Id, Token = token }, TokenReplica.Operator);
        await other.Replica.Tokens.RevokeTokenAsync(new() { RealmId = TestRealm.Id, Token = token }, TokenReplica.Operator);
        return known.TokenId;
    }
}
