using Consent.Tests.Consents;
using Pltfrms.Iam.Consent.SelfService;
using Testing.Databases;

namespace Consent.Tests.SelfService;

/// <summary>What the store of visits promises, on both engines.</summary>
public abstract class SelfServiceStoreContract(TestDatabase database)
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly SelfServiceStore Store = new();

    private readonly string _realm = Guid.CreateVersion7().ToString();

    [StorageFact]
    public async Task A_link_is_taken_once_and_only_in_time()
    {
        var link = Visit("link", isLink: true) with { UiLocales = ["de", "en"], ReturnUri = "https://iam.example/?a=b" };
        await AddAsync(link);

        Assert.Null(await TakeAsync("link", Now.AddMinutes(1)));
        Assert.Equal(link, await TakeAsync("link", Now));
        Assert.Null(await TakeAsync("link", Now));
    }

    [StorageFact]
    public async Task A_visit_is_found_until_it_is_over_or_left()
    {
        var visit = Visit("visit", isLink: false);
        await AddAsync(visit);

        Assert.Equal(visit, await FindAsync("visit", Now));
        Assert.Null(await FindAsync("visit", Now.AddMinutes(1)));
        await using (var session = await database.Database.BeginWriteAsync(CancellationToken.None))
        {
            await Store.RemoveAsync(session, _realm, "visit", CancellationToken.None);
            await session.CommitAsync(CancellationToken.None);
        }

        Assert.Null(await FindAsync("visit", Now));
    }

    [StorageFact]
    public async Task A_link_is_no_visit_and_a_visit_no_link()
    {
        await AddAsync(Visit("link", isLink: true));
        await AddAsync(Visit("visit", isLink: false));

        Assert.Null(await FindAsync("link", Now));
        Assert.Null(await TakeAsync("visit", Now));
    }

    [StorageFact]
    public async Task A_visit_is_opened_once_in_time_and_for_its_user()
    {
        await AddAsync(Visit("visit", isLink: false) with { ReturnUri = "https://iam.example/" });
        await AddAsync(Visit("link", isLink: true) with { ReturnUri = "https://iam.example/" });

        Assert.Null(await FindAsync("visit", Now));
        Assert.False(await OpenAsync("visit", "bob", Now));
        Assert.False(await OpenAsync("visit", "alice", Now.AddMinutes(1)));
        Assert.False(await OpenAsync("link", "alice", Now));
        Assert.False(await OpenAsync("other", "alice", Now));
        Assert.True(await OpenAsync("visit", "alice", Now));
        Assert.False(await OpenAsync("visit", "alice", Now));
        Assert.Equal(Visit("visit", isLink: false), await FindAsync("visit", Now));
    }

    [StorageFact]
    public async Task Of_many_who_open_a_visit_at_once_one_does()
    {
        await AddAsync(Visit("visit", isLink: false) with { ReturnUri = "https://iam.example/" });

        var opened = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => OpenAsync("visit", "alice", Now))));

        Assert.Single(opened, isOpened => isOpened);
    }

    [StorageFact]
    public async Task Realms_do_not_see_each_others_visits()
    {
        await AddAsync(Visit("visit", isLink: false) with { RealmId = Guid.CreateVersion7().ToString() });

        Assert.Null(await FindAsync("visit", Now));
    }

    [StorageFact]
    public async Task Of_many_who_take_a_link_at_once_one_gets_it()
    {
        await AddAsync(Visit("link", isLink: true));

        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => TakeAsync("link", Now))));

        Assert.Single(taken, visit => visit is not null);
    }

    private SelfServiceVisit Visit(string secretHash, bool isLink) => new()
    {
        RealmId = _realm,
        SecretHash = secretHash,
        IsLink = isLink,
        UserId = "alice",
        ExpiresAt = Now.AddMinutes(1),
    };

    private async Task AddAsync(SelfServiceVisit visit)
    {
        await using var session = await database.Database.BeginWriteAsync(CancellationToken.None);
        await Store.AddAsync(session, visit, CancellationToken.None);
        await session.CommitAsync(CancellationToken.None);
    }

    private async Task<SelfServiceVisit?> TakeAsync(string secretHash, DateTimeOffset now)
    {
        await using var session = await database.Database.BeginWriteAsync(CancellationToken.None);
        var taken = await Store.TakeLinkAsync(session, _realm, secretHash, now, CancellationToken.None);
        await session.CommitAsync(CancellationToken.None);
        return taken;
    }

    private async Task<bool> OpenAsync(string secretHash, string userId, DateTimeOffset now)
    {
        await using var session = await database.Database.BeginWriteAsync(CancellationToken.None);
        var isOpened = await Store.OpenAsync(session, _realm, secretHash, userId, now, CancellationToken.None);
        await session.CommitAsync(CancellationToken.None);
        return isOpened;
    }

    private async Task<SelfServiceVisit?> FindAsync(string secretHash, DateTimeOffset now)
    {
        await using var session = await database.Database.OpenAsync(CancellationToken.None);
        return await Store.FindAsync(session, _realm, secretHash, now, CancellationToken.None);
    }
}

public sealed class SqliteSelfServiceStoreTests(SqliteConsentDatabase database)
    : SelfServiceStoreContract(database), IClassFixture<SqliteConsentDatabase>;

[NeedsPostgres]
public sealed class PostgresSelfServiceStoreTests(PostgresConsentDatabase database)
    : SelfServiceStoreContract(database), IClassFixture<PostgresConsentDatabase>;
