using Grpc.Core;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Token.Storage;
using Testing.Databases;
using Token.Tests.Hosting;
using Wire = Pltfrms.Iam.Token.V1;
using static Testing.Waiting;

namespace Token.Tests.Audit;

/// <summary>How an auditor finds events: by query, page, time and as they happen.</summary>
public abstract class TokenEventListContract(TestDatabase database) : TokenEventScenario(database)
{
    [StorageFact]
    public async Task Another_realms_events_are_never_listed()
    {
        var foreign = await Bench.One.IssueAsync("other", "demo-service", TestRealm.ServiceSecret);
        var id = IdOf(foreign);
        await UntilAsync(async () => (await ListAsync(new() { RealmId = "other" })).Any(happened => happened.TokenId == id));

        Assert.Empty(await StoryAsync(id));
        Assert.Empty(await ListAsync(new() { GrantId = id }));
        Assert.All(await ListAsync(new() { PageSize = 1000 }), happened => Assert.Equal("demo", happened.RealmId));
        Assert.All(await ListAsync(new() { RealmId = "other", PageSize = 1000 }), happened => Assert.Equal("other", happened.RealmId));

        await IssueAsync("demo-service");
        await IssueAsync("demo-service");
        var page = await Bench.One.TokenAudit.ListTokenEventsAsync(new() { RealmId = "demo", PageSize = 1 }, TokenReplica.Operator);
        Assert.Equal(
            (StatusCode.InvalidArgument, "INVALID_PAGE_TOKEN"),
            await Refusals.OfAsync(Bench.One.TokenAudit.ListTokenEventsAsync(new() { RealmId = "other", PageToken = page.NextPageToken }, TokenReplica.Operator)));
    }

    [StorageFact]
    public async Task Pages_go_on_at_another_replica_and_are_of_one_query()
    {
        for (var i = 0; i < 5; i++)
        {
            await IssueAsync("demo-api", TestRealm.ApiSecret);
        }

        var query = new Wire.ListTokenEventsRequest { RealmId = "demo", ClientId = "demo-api", PageSize = 2 };
        List<Wire.TokenEvent> read = [];
        foreach (var replica in new[] { Bench.One, Bench.Two, Bench.One })
        {
            var page = await replica.TokenAudit.ListTokenEventsAsync(query, TokenReplica.Operator);
            read.AddRange(page.Events);
            query.PageToken = page.NextPageToken;
        }

        Assert.Equal("", query.PageToken);
        Assert.Equal(await ListAsync(new() { ClientId = "demo-api" }), Enumerable.Reverse(read));
        var first = await Bench.One.TokenAudit.ListTokenEventsAsync(new() { RealmId = "demo", ClientId = "demo-api", PageSize = 2 }, TokenReplica.Operator);
        foreach (var (change, token) in new (Action<Wire.ListTokenEventsRequest>, string)[]
        {
            (request => request.ClientId = "demo-service", first.NextPageToken),
            (request => request.OldestFirst = true, first.NextPageToken),
            (request => request.TokenId = "x", first.NextPageToken),
            (_ => { }, "*"),
            (_ => { }, "AAAA"),
        })
        {
            var request = new Wire.ListTokenEventsRequest { RealmId = "demo", ClientId = "demo-api", PageToken = token };
            change(request);
            Assert.Equal(
                (StatusCode.InvalidArgument, "INVALID_PAGE_TOKEN"), await Refusals.OfAsync(Bench.Two.TokenAudit.ListTokenEventsAsync(request, TokenReplica.Operator)));
        }
    }

    [StorageFact]
    public async Task A_watcher_at_one_replica_sees_what_either_does_in_order()
    {
        var last = (await ListAsync(new() { PageSize = 1000 })).Select(happened => happened.Sequence).DefaultIfEmpty(0).Max();
        using var watch = Bench.Two.TokenAudit.WatchTokenEvents(new() { RealmId = "demo", AfterSequence = last }, TokenReplica.Operator);
        List<string> issued = [];
        foreach (var replica in new[] { Bench.One, Bench.Two, Bench.One })
        {
            issued.Add(IdOf(await replica.IssueAsync("demo", "demo-service", TestRealm.ServiceSecret)));
        }

        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        foreach (var tokenId in issued)
        {
            Assert.True(await watch.ResponseStream.MoveNext(deadline.Token));
            Assert.Equal(tokenId, watch.ResponseStream.Current.Event.TokenId);
            Assert.True(watch.ResponseStream.Current.Event.Sequence > last);
            last = watch.ResponseStream.Current.Event.Sequence;
        }
    }

    [StorageFact]
    public async Task Events_are_found_by_kind_and_time_for_as_long_as_the_realm_keeps_them()
    {
        await SetAsync(new AuditSettings { DurableAudit = true, TokenEventRetention = TimeSpan.FromDays(2) });
        await IssueAsync("demo-operator", TestRealm.OperatorSecret);
        var between = Bench.Clock.GetUtcNow().AddHours(1);
        Bench.Clock.Advance(TimeSpan.FromHours(2));
        await IssueAsync("demo-operator", TestRealm.OperatorSecret);
        var bound = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(between);

        var all = await ListAsync(new() { ClientId = "demo-operator" });
        Assert.Equal(2, all.Count);
        Assert.Equal([all[0]], await ListAsync(new() { ClientId = "demo-operator", EndTime = bound }));
        Assert.Equal([all[1]], await ListAsync(new() { ClientId = "demo-operator", StartTime = bound }));
        Assert.Empty(await ListAsync(new() { ClientId = "demo-operator", Kind = Wire.TokenEventKind.Refused }));
        Bench.Clock.Advance(TimeSpan.FromHours(47));
        Assert.Equal([all[1]], await ListAsync(new() { ClientId = "demo-operator" }));

        Bench.Clock.Advance(TimeSpan.FromDays(100));
        await new ExpiredRows(Database.Database, TokenTables.All, Bench.Clock).RemoveAsync(CancellationToken.None);
        await using var session = await Database.Database.OpenAsync(CancellationToken.None);
        var left = await RealmData.CountAsync(session, "demo");
        Assert.Equal((0, 0), (left["token_event_batch"], left["token_event_key"]));
    }

    [StorageFact]
    public async Task Refuses_wrong_fields_and_realms_that_are_none()
    {
        foreach (var (field, request) in new (string, Wire.ListTokenEventsRequest)[]
        {
            ("page_size", new() { PageSize = 1001 }),
            ("page_size", new() { PageSize = -1 }),
            ("grant_id", new() { TokenId = "a", GrantId = "b" }),
            ("kind", new() { Kind = (Wire.TokenEventKind)99 }),
            ("start_time", new() { StartTime = new() { Nanos = -1 } }),
            ("end_time", new() { EndTime = new() { Seconds = long.MaxValue } }),
        })
        {
            request.RealmId = "demo";
            Assert.Equal([field], await Refusals.FieldsOfAsync(Bench.One.TokenAudit.ListTokenEventsAsync(request, TokenReplica.Operator)));
        }

        Assert.Equal(
            (StatusCode.NotFound, "REALM_NOT_FOUND"),
            await Refusals.OfAsync(Bench.One.TokenAudit.ListTokenEventsAsync(new() { RealmId = "nowhere" }, TokenReplica.Operator)));
    }
}

public sealed class SqliteTokenEventListTests(SqliteTokenDatabase database) : TokenEventListContract(database), IClassFixture<SqliteTokenDatabase>;

[NeedsPostgres]
public sealed class PostgresTokenEventListTests(PostgresTokenDatabase database) : TokenEventListContract(database), IClassFixture<PostgresTokenDatabase>;
