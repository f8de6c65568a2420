using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.RealmAdmin.Changes;
using Pltfrms.Iam.RealmAdmin.V1;
using RealmAdmin.Tests.Hosting;
using RealmAdmin.Tests.Storage;
using Testing.Databases;
using ChangeKind = Pltfrms.Iam.RealmAdmin.V1.ChangeKind;

namespace RealmAdmin.Tests.Audit;

/// <summary>ListEvents over a real port.</summary>
public abstract class ListEventsContract(TestDatabase fixture) : IAsyncLifetime
{
    private readonly string _realmId = Samples.NewRealmId();
    private RealmAdminServer _server = null!;
    private AuditService.AuditServiceClient _audit = null!;

    public async Task InitializeAsync()
    {
        _server = await RealmAdminServer.SharedAsync(fixture);
        _audit = new AuditService.AuditServiceClient(_server.Channel);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [StorageFact]
    public async Task An_event_says_who_changed_what_when_and_how()
    {
        var history = await HistoryAsync();

        var events = (await ListAsync(new())).Events;

        Assert.Equal(
            [(4, 1), (4, 0), (3, 2), (3, 1), (3, 0), (2, 2), (2, 1), (2, 0), (1, 0)],
            events.Select(found => ((int)found.Revision, found.Ordinal)));
        var update = events[3];
        Assert.Equal(32, update.Hash.Length);
        update.Hash = Google.Protobuf.ByteString.Empty;
        Assert.Equal(
            new AuditEvent
            {
                RealmId = _realmId,
                Revision = 3,
                Ordinal = 1,
                EventTime = Timestamp.FromDateTimeOffset(history.Clock.GetUtcNow()),
                Actor = new() { ActorKind = "token", ActorId = "alice", ClientId = "cli", TokenId = "jti-1", ActChain = { "gateway" } },
                ResourceKind = "role",
                ResourceId = "b",
                ChangeKind = ChangeKind.Update,
                Fields = { new FieldChange { Field = "display_name", Before = "\"A role\"", After = "\"B\"" } },
            },
            update);
        Assert.Equal(("tester", "operator", ""), (events[0].Actor.ActorId, events[0].Actor.ActorKind, events[0].Actor.TokenId));
        Assert.Equal(
            [("display_name", "\"A role\"", ""), ("included_role_ids", "[\"other\"]", ""), ("permissions", "[\"a.read\"]", ""), ("role_id", "\"c\"", "")],
            events[2].Fields.Select(field => (field.Field, field.Before, field.After)));
        Assert.Equal((ChangeKind.Delete, ChangeKind.Create), (events[2].ChangeKind, events[0].ChangeKind));
        Assert.All(events[0].Fields, field => Assert.Equal("", field.Before));
        Assert.All(events, found => Assert.DoesNotContain(found.Fields, field => field.Field is "realm_id" or "revision" or "created_at"));
    }

    [StorageFact]
    public async Task Filters_choose_by_actor_resource_and_time_and_all_together()
    {
        var history = await HistoryAsync();
        var start = history.Clock.GetUtcNow();
        history.Clock.Advance(TimeSpan.FromMicroseconds(1));
        await history.WriteAsync(Bob, new RealmChange(null, Samples.Role(_realmId, "f")), new RealmChange(null, Samples.Group(_realmId, "a")));
        var end = history.Clock.GetUtcNow();
        history.Clock.Advance(TimeSpan.FromSeconds(1));
        await history.WriteAsync(Bob, new RealmChange(Samples.Role(_realmId, "a"), null));

        Assert.Equal(["6.0", "5.1", "5.0"], await FoundAsync(new() { ActorId = "bob" }));
        Assert.Equal(["5.1"], await FoundAsync(new() { ActorId = "bob", ResourceKind = "group" }));
        Assert.Equal(["6.0", "3.0", "2.0"], await FoundAsync(new() { ResourceKind = "role", ResourceId = "a" }));
        Assert.Equal(["3.0"], await FoundAsync(new() { ResourceKind = "role", ResourceId = "a", ActorId = "alice" }));
        Assert.Equal(["5.1"], await FoundAsync(new() { ResourceKind = "group" }));
        Assert.Equal(["1.0"], await FoundAsync(new() { ResourceKind = "realm" }));
        Assert.Equal(["6.0"], await FoundAsync(new() { StartTime = After(end) }));
        Assert.Equal(["6.0", "5.1", "5.0"], await FoundAsync(new() { StartTime = Timestamp.FromDateTimeOffset(end) }));
        Assert.Equal(["5.1", "5.0"], await FoundAsync(new() { StartTime = After(start), EndTime = After(end) }));
        Assert.Equal(["5.0"], await FoundAsync(new() { StartTime = After(start), EndTime = After(end), ResourceKind = "role", ActorId = "bob" }));
        Assert.Equal(9, (await FoundAsync(new() { EndTime = Timestamp.FromDateTimeOffset(end) })).Length);
        Assert.Empty(await FoundAsync(new() { ActorId = "nobody" }));
        Assert.Empty(await FoundAsync(new() { EndTime = Timestamp.FromDateTimeOffset(start) }));
        Assert.Equal(12, (await FoundAsync(new() { StartTime = new() { Seconds = -62_135_596_800 }, EndTime = new() { Seconds = 253_402_300_799, Nanos = 999_999_999 } })).Length);
    }

    [StorageTheory]
    [InlineData("", "", "")]
    [InlineData("tester", "", "")]
    [InlineData("", "role", "")]
    [InlineData("", "role", "c")]
    public async Task Pages_fit_together_whatever_is_written_meanwhile(string actor, string kind, string id)
    {
        var history = await HistoryAsync();
        var query = new ListEventsRequest { ActorId = actor, ResourceKind = kind, ResourceId = id };
        var all = await FoundAsync(query);
        Assert.InRange(all.Length, 2, 9);

        for (var size = 1; size <= all.Length; size++)
        {
            List<string> found = [];
            var request = query.Clone();
            request.PageSize = size;
            do
            {
                var page = await ListAsync(request);
                Assert.InRange(page.Events.Count, 1, size);
                found.AddRange(page.Events.Select(Text));
                request.PageToken = page.NextPageToken;
                await history.WriteAsync(History.Tester, new RealmChange(Samples.Role(_realmId, "c"), Samples.Role(_realmId, "c")));
            }
            while (request.PageToken.Length > 0);

            Assert.Equal(all, found.Where(all.Contains));
            Assert.Equal(found.Distinct(), found);
        }
    }

    [StorageFact]
    public async Task A_page_of_large_events_ends_before_it_is_too_large_to_read()
    {
        var history = new History(fixture.Database, _realmId);
        await history.CreateAsync();
        var permissions = Enumerable.Range(0, 1_000).Select(i => $"permission-{i:d4}.{new string('x', 100)}");
        var roles = Enumerable.Range(0, 60).Select(i => Samples.Role(_realmId, $"r{i:d2}") with { Permissions = [.. permissions] });
        await history.WriteAsync(History.Tester, [.. roles.Select(role => new RealmChange(null, role))]);

        var request = new ListEventsRequest { PageSize = 1_000 };
        var (pages, count) = (0, 0);
        do
        {
            var page = await ListAsync(request);
            Assert.InRange(page.CalculateSize(), 1, 2 * 1024 * 1024);
            (pages, count) = (pages + 1, count + page.Events.Count);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);

        Assert.Equal(61, count);
        Assert.InRange(pages, 2, 61);
    }

    [StorageFact]
    public async Task A_page_token_of_another_query_is_refused()
    {
        await HistoryAsync();
        var other = Samples.NewRealmId();
        await new History(fixture.Database, other).CreateAsync();
        var token = (await ListAsync(new() { PageSize = 1 })).NextPageToken;

        ListEventsRequest[] others =
        [
            new() { PageToken = token, ActorId = "tester" },
            new() { PageToken = token, ResourceKind = "role" },
            new() { PageToken = token, ResourceKind = "role", ResourceId = "a" },
            new() { PageToken = token, StartTime = new() { Seconds = 1 } },
            new() { PageToken = token, EndTime = new() { Seconds = 1 } },
            new() { PageToken = token, RealmId = other },
            new() { PageToken = "garbage!" },
            new() { PageToken = token[..^1] },
        ];
        foreach (var request in others)
        {
            Assert.Equal("INVALID_PAGE_TOKEN", await ReasonAsync(request));
        }
    }

    [StorageFact]
    public async Task What_is_wrong_with_a_request_is_named()
    {
        await HistoryAsync();

        Assert.Equal("REALM_NOT_FOUND", await ReasonAsync(new() { RealmId = "nowhere" }));
        ListEventsRequest[] wrong =
        [
            new() { RealmId = "No Realm" },
            new() { PageSize = -1 },
            new() { ActorId = "a\nb" },
            new() { ResourceKind = "roles" },
            new() { ResourceId = "a" },
            new() { StartTime = new() { Nanos = -1 } },
            new() { EndTime = new() { Seconds = long.MaxValue } },
        ];
        foreach (var request in wrong)
        {
            Assert.Equal("INVALID_ARGUMENT", await ReasonAsync(request));
        }
    }

    [StorageFact]
    public async Task Nobody_reads_without_a_credential()
    {
        var exception = await Assert.ThrowsAsync<RpcException>(async () => await _audit.ListEventsAsync(new() { RealmId = _realmId }));

        Assert.Equal(StatusCode.Unauthenticated, exception.StatusCode);
    }

    /// <remarks>What cannot be read is for verify-audit to name; the rest of the page is still there.</remarks>
    [StorageFact]
    public async Task A_damaged_event_does_not_hide_the_others()
    {
        await HistoryAsync();
        await using (var session = await fixture.Database.BeginWriteAsync(default))
        {
            await session.ExecuteAsync(
                "update change_log set state_after = '{', hash = 'garbage', change_kind = 'x' where realm_id = @_realmId and revision = 3", new { _realmId }, default);
            await session.CommitAsync(default);
        }

        var events = (await ListAsync(new())).Events;

        Assert.Equal(9, events.Count);
        Assert.Equal((ChangeKind.Unspecified, 0, 0), (events[3].ChangeKind, events[3].Hash.Length, events[3].Fields.Count));
    }

    private static Caller Bob => new() { Kind = CallerKind.Service, Id = "bob" };

    private static Timestamp After(DateTimeOffset instant)
    {
        var time = Timestamp.FromDateTimeOffset(instant);
        time.Nanos += 1;
        return time;
    }

    private static string Text(AuditEvent found) => $"{found.Revision}.{found.Ordinal}";

    private async Task<History> HistoryAsync()
    {
        var history = new History(fixture.Database, _realmId);
        await history.FourRevisionsAsync();
        return history;
    }

    private async Task<string[]> FoundAsync(ListEventsRequest request) => [.. (await ListAsync(request)).Events.Select(Text)];

    private async Task<ListEventsResponse> ListAsync(ListEventsRequest request)
    {
        request.RealmId = request.RealmId.Length > 0 ? request.RealmId : _realmId;
        return await _audit.ListEventsAsync(request, RealmAdminServer.Operator);
    }

    private async Task<string?> ReasonAsync(ListEventsRequest request) =>
        RichStatus.ReasonOf(await Assert.ThrowsAsync<RpcException>(() => ListAsync(request)));
}

public sealed class SqliteListEventsTests(SqliteRealmAdminDatabase fixture) : ListEventsContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresListEventsTests(PostgresRealmAdminDatabase fixture)
    : ListEventsContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
