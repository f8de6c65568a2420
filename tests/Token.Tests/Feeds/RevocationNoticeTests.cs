using Pltfrms.Iam.Token.Tokens.Revocation;
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

        await RevokeElsewhereAsync("first");
        await watcher.HearAsync("first");
        await RevokeElsewhereAsync("second");
        await watcher.HearAsync("second");
    }

    private async Task RevokeElsewhereAsync(string tokenId)
    {
        await using var session = await _database.Database.BeginWriteAsync(CancellationToken.None);
        var now = TimeProvider.System.GetUtcNow();
        await new RevocationStore().AddAsync(session, TestRealm.Id, tokenId, now.AddHours(1), now, CancellationToken.None);
        await session.CommitAsync(CancellationToken.None);
    }
}
