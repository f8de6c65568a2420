using System.Buffers.Text;
using System.Diagnostics;
using System.Text.Json;
using Grpc.Core;
using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Token.Storage;
using Testing.Databases;
using Token.Tests.Authorization;
using Token.Tests.Hosting;
using Wire = Pltfrms.Iam.Token.V1;

namespace Token.Tests.Audit;

/// <summary>What an auditor reads of tokens, on either engine and through two replicas.</summary>
public abstract class TokenEventContract(TestDatabase database) : IAsyncLifetime
{
    private const string Path = "/realms/demo/oauth2/token";
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";

    private FlowBench _bench = null!;
    private long _revision;

    public async Task InitializeAsync()
    {
        if (PostgresInstallation.SkipReason is null || database is SqliteTestDatabase)
        {
            _bench = await FlowBench.StartAsync(database);
            await SetAsync(new AuditSettings { DurableAudit = true });
        }
    }

    public async Task DisposeAsync()
    {
        if (_bench is not null)
        {
            await _bench.DisposeAsync();
        }
    }

    [StorageFact]
    public async Task A_token_is_told_of_with_all_that_it_is_good_for_and_where_it_went()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path)
        {
            Content = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("scope", "invoices.read"), new("organization", "acme")]),
        };
        request.Headers.Authorization = TokenReplica.Basic("demo-service", TestRealm.ServiceSecret);
        request.Headers.Add("traceparent", $"00-{Trace}-00f067aa0ba902b7-01");
        using var response = await _bench.One.Http.SendAsync(request);
        var tokens = await TokenReplica.JsonAsync(response);
        var tokenId = TextOf(tokens, "jti");

        var told = Assert.Single(await StoryAsync(tokenId));

        Assert.Equal((Wire.TokenEventKind.Issued, "client_credentials"), (told.Kind, told.GrantType));
        Assert.Equal(("demo", "demo-service", ""), (told.RealmId, told.ClientId, told.UserId));
        Assert.Equal((tokenId, tokenId, ""), (told.TokenId, told.EventId, told.GrantId));
        Assert.Equal("acme", told.OrganizationId);
        Assert.Equal(["invoices.read"], told.Scopes);
        Assert.Equal([TestRealm.Api], told.Audiences);
        Assert.Equal(("demo-service", Wire.SubjectType.Client), (told.Subject.Subject, told.Subject.SubjectType));
        Assert.Empty(told.Actors);
        Assert.Equal(FlowBench.Claims(tokens).GetProperty("exp").GetInt64(), told.TokenExpireTime.Seconds);
        Assert.Equal(_bench.Clock.GetUtcNow(), told.EventTime.ToDateTimeOffset());
        Assert.Equal(("127.0.0.1", Trace), (told.SourceAddress, told.CorrelationId));
        Assert.Equal(_revision, told.Revision);
        Assert.Equal(("", null), (told.Reason, told.Revoker));
        Assert.Equal(32, told.Hash.Length);
    }

    [StorageFact]
    public async Task Who_is_refused_is_told_of_with_the_reason_and_a_name_that_nobody_has_is_not()
    {
        using var wrong = await _bench.One.PostAsync(Path, TokenReplica.Basic("short-lived", "a wrong secret"), ("grant_type", "client_credentials"));
        using var scope = await _bench.Two.PostAsync(
            Path, TokenReplica.Basic("short-lived", TestRealm.ServiceSecret), ("grant_type", "client_credentials"), ("scope", "payments.refund"));
        using var grant = await _bench.Two.PostAsync(
            Path, TokenReplica.Basic("short-lived", TestRealm.ServiceSecret), ("grant_type", "refresh_token"), ("refresh_token", "x"));
        using var nobody = await _bench.One.PostAsync(Path, TokenReplica.Basic("my-password-by-mistake", "x"), ("grant_type", "client_credentials"));

        var told = await ListAsync(new() { ClientId = "short-lived" });

        Assert.Equal(
            [("INVALID_CLIENT", "client_credentials"), ("INVALID_SCOPE", "client_credentials"), ("UNAUTHORIZED_CLIENT", "")],
            told.Select(happened => (happened.Reason, happened.GrantType)));
        Assert.All(told, happened => Assert.Equal((Wire.TokenEventKind.Refused, "", "127.0.0.1"), (happened.Kind, happened.TokenId, happened.SourceAddress)));
        Assert.DoesNotContain(await DumpAsync(), row => row.Contains("my-password-by-mistake", StringComparison.Ordinal));
    }

    [StorageFact]
    public async Task Refusals_of_who_proves_nothing_are_written_down_only_so_often()
    {
        var took = Stopwatch.StartNew();
        for (var i = 0; i < 300; i++)
        {
            using var wrong = await _bench.One.PostAsync(Path, TokenReplica.Basic("odd client:+%", "a wrong secret"), ("grant_type", "client_credentials"));
        }

        // A hundred at once, and ten a second besides.
        var most = Math.Min(300, 110 + (int)(10 * took.Elapsed.TotalSeconds));
        Assert.InRange((await ListAsync(new() { ClientId = "odd client:+%", PageSize = 1000 })).Count, 100, most);
    }

    [StorageFact]
    public async Task A_grant_is_told_of_from_its_first_token_to_the_theft_that_ended_it()
    {
        var tokens = await _bench.TokensAsync();
        var stolen = tokens.GetProperty("refresh_token").GetString()!;
        using var refreshed = await FlowBench.RefreshAsync(_bench.One, stolen);
        using var retried = await FlowBench.RefreshAsync(_bench.Two, stolen);
        _bench.Clock.Advance(TimeSpan.FromMinutes(1));
        using var thief = await FlowBench.RefreshAsync(_bench.Two, stolen);
        var (first, grantId) = (TextOf(tokens, "jti"), TextOf(tokens, "grant_id"));
        var second = TextOf(await TokenReplica.JsonAsync(refreshed), "jti");

        var told = await ListAsync(new() { GrantId = grantId });

        Assert.Equal(
            [
                (Wire.TokenEventKind.Issued, "authorization_code", first),
                (Wire.TokenEventKind.Issued, "refresh_token", second),
                (Wire.TokenEventKind.Repeated, "refresh_token", second),
                (Wire.TokenEventKind.GrantRevoked, "", ""),
                (Wire.TokenEventKind.Reused, "refresh_token", ""),
            ],
            told.Select(happened => (happened.Kind, happened.GrantType, happened.TokenId)));
        Assert.All(told, happened => Assert.Equal(("carol", "demo-web", grantId), (happened.UserId, happened.ClientId, happened.GrantId)));
        Assert.Equal(("reuse", "refresh_token"), (told[3].Revoker.RevokerKind, told[3].Revoker.RevokerId));
        Assert.Equal("INVALID_GRANT", told[4].Reason);
        Assert.Equal(told, await ListAsync(new() { UserId = "carol", GrantId = grantId }));
        // The first token's own story has not what came of the grant on other ways.
        Assert.Equal([told[0], told[3], told[4]], await StoryAsync(first));
    }

    [StorageFact]
    public async Task Who_ended_a_token_is_told()
    {
        var (own, foreign) = (await IssueAsync("demo-service"), await IssueAsync("demo-service"));
        var tokens = await _bench.TokensAsync();
        using var byClient = await _bench.One.PostAsync(
            "/realms/demo/oauth2/revoke", TokenReplica.Basic("demo-service", TestRealm.ServiceSecret), ("token", own));
        await _bench.One.Tokens.RevokeTokenAsync(new() { RealmId = "demo", Token = foreign }, TokenReplica.Operator);
        using var byRefreshToken = await _bench.One.PostAsync(
            "/realms/demo/oauth2/revoke", TokenReplica.Basic("demo-web", TestRealm.WebSecret), ("token", tokens.GetProperty("refresh_token").GetString()!));

        var (ofOwn, ofForeign) = (await StoryAsync(IdOf(own)), await StoryAsync(IdOf(foreign)));
        var ofGrant = await StoryAsync(IdOf(tokens.GetProperty("access_token").GetString()!));

        foreach (var (story, kind, by, id) in new[]
        {
            (ofOwn, Wire.TokenEventKind.TokenRevoked, "client", "demo-service"),
            (ofForeign, Wire.TokenEventKind.TokenRevoked, "operator", "operator"),
            (ofGrant, Wire.TokenEventKind.GrantRevoked, "client", "demo-web"),
        })
        {
            Assert.Equal([Wire.TokenEventKind.Issued, kind], story.Select(happened => happened.Kind));
            Assert.Equal((by, id), (story[1].Revoker.RevokerKind, story[1].Revoker.RevokerId));
        }
    }

    [StorageFact]
    public async Task Another_realms_events_are_never_listed()
    {
        var foreign = await _bench.One.IssueAsync("other", "demo-service", TestRealm.ServiceSecret);
        var id = IdOf(foreign);
        await UntilAsync(async () => (await ListAsync(new() { RealmId = "other" })).Any(happened => happened.TokenId == id));

        Assert.Empty(await StoryAsync(id));
        Assert.Empty(await ListAsync(new() { GrantId = id }));
        Assert.All(await ListAsync(new() { PageSize = 1000 }), happened => Assert.Equal("demo", happened.RealmId));
        Assert.All(await ListAsync(new() { RealmId = "other", PageSize = 1000 }), happened => Assert.Equal("other", happened.RealmId));

        await IssueAsync("demo-service");
        await IssueAsync("demo-service");
        var page = await _bench.One.TokenAudit.ListTokenEventsAsync(new() { RealmId = "demo", PageSize = 1 }, TokenReplica.Operator);
        Assert.Equal(
            (StatusCode.InvalidArgument, "INVALID_PAGE_TOKEN"),
            await Refusals.OfAsync(_bench.One.TokenAudit.ListTokenEventsAsync(new() { RealmId = "other", PageToken = page.NextPageToken }, TokenReplica.Operator)));
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
        foreach (var replica in new[] { _bench.One, _bench.Two, _bench.One })
        {
            var page = await replica.TokenAudit.ListTokenEventsAsync(query, TokenReplica.Operator);
            read.AddRange(page.Events);
            query.PageToken = page.NextPageToken;
        }

        Assert.Equal("", query.PageToken);
        Assert.Equal(await ListAsync(new() { ClientId = "demo-api" }), Enumerable.Reverse(read));
        var first = await _bench.One.TokenAudit.ListTokenEventsAsync(new() { RealmId = "demo", ClientId = "demo-api", PageSize = 2 }, TokenReplica.Operator);
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
                (StatusCode.InvalidArgument, "INVALID_PAGE_TOKEN"), await Refusals.OfAsync(_bench.Two.TokenAudit.ListTokenEventsAsync(request, TokenReplica.Operator)));
        }
    }

    [StorageFact]
    public async Task A_watcher_at_one_replica_sees_what_either_does_in_order()
    {
        var last = (await ListAsync(new() { PageSize = 1000 })).Select(happened => happened.Sequence).DefaultIfEmpty(0).Max();
        using var watch = _bench.Two.TokenAudit.WatchTokenEvents(new() { RealmId = "demo", AfterSequence = last }, TokenReplica.Operator);
        List<string> issued = [];
        foreach (var replica in new[] { _bench.One, _bench.Two, _bench.One })
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
        var between = _bench.Clock.GetUtcNow().AddHours(1);
        _bench.Clock.Advance(TimeSpan.FromHours(2));
        await IssueAsync("demo-operator", TestRealm.OperatorSecret);
        var bound = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(between);

        var all = await ListAsync(new() { ClientId = "demo-operator" });
        Assert.Equal(2, all.Count);
        Assert.Equal([all[0]], await ListAsync(new() { ClientId = "demo-operator", EndTime = bound }));
        Assert.Equal([all[1]], await ListAsync(new() { ClientId = "demo-operator", StartTime = bound }));
        Assert.Empty(await ListAsync(new() { ClientId = "demo-operator", Kind = Wire.TokenEventKind.Refused }));
        _bench.Clock.Advance(TimeSpan.FromHours(47));
        Assert.Equal([all[1]], await ListAsync(new() { ClientId = "demo-operator" }));

        _bench.Clock.Advance(TimeSpan.FromDays(100));
        await new ExpiredRows(database.Database, TokenTables.All, _bench.Clock).RemoveAsync(CancellationToken.None);
        await using var session = await database.Database.OpenAsync(CancellationToken.None);
        var left = await RealmData.CountAsync(session, "demo");
        Assert.Equal((0, 0), (left["token_event_batch"], left["token_event_key"]));
    }

    [StorageFact]
    public async Task A_realm_that_wants_none_has_none()
    {
        await SetAsync(new AuditSettings { TokenEvents = false });

        var token = await IssueAsync("demo-service");
        await _bench.One.Tokens.RevokeTokenAsync(new() { RealmId = "demo", Token = token }, TokenReplica.Operator);
        await SetAsync(new AuditSettings { DurableAudit = true });
        await IssueAsync("demo-service");

        Assert.Empty(await StoryAsync(IdOf(token)));
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
            Assert.Equal([field], await Refusals.FieldsOfAsync(_bench.One.TokenAudit.ListTokenEventsAsync(request, TokenReplica.Operator)));
        }

        Assert.Equal(
            (StatusCode.NotFound, "REALM_NOT_FOUND"),
            await Refusals.OfAsync(_bench.One.TokenAudit.ListTokenEventsAsync(new() { RealmId = "nowhere" }, TokenReplica.Operator)));
    }

    [StorageFact]
    public async Task Nothing_that_is_written_down_could_be_presented_to_anybody()
    {
        var code = await _bench.CodeAsync();
        using var redeemed = await FlowBench.RedeemAsync(_bench.One, code);
        var tokens = await TokenReplica.JsonAsync(redeemed);
        var refreshToken = tokens.GetProperty("refresh_token").GetString()!;
        using var again = await FlowBench.RedeemAsync(_bench.One, code);
        using var refused = await FlowBench.RefreshAsync(_bench.One, refreshToken);
        using var wrong = await _bench.One.PostAsync(Path, TokenReplica.Basic("demo-service", "a-wrong-secret-0123456789"), ("grant_type", "client_credentials"));
        var accessToken = tokens.GetProperty("access_token").GetString()!;
        string[] secrets =
        [
            code, refreshToken, accessToken, accessToken.Split('.')[2], OpaqueValue.Hash(code), OpaqueValue.Hash(refreshToken), FlowBench.Verifier,
            TestRealm.WebSecret, "a-wrong-secret-0123456789",
        ];

        var rows = await DumpAsync();

        Assert.NotEmpty(rows);
        Assert.All(secrets, secret => Assert.DoesNotContain(rows, row => row.Contains(secret, StringComparison.OrdinalIgnoreCase)));
    }

    private async Task SetAsync(AuditSettings settings)
    {
        var realm = _bench.Realms.Resources("demo").OfType<Realm>().Single();
        _revision = _bench.Realms.Change("demo", realm with { AuditSettings = settings });
        await _bench.One.ReachAsync("demo", _revision);
        await _bench.Two.ReachAsync("demo", _revision);
    }

    private Task<string> IssueAsync(string clientId, string secret = TestRealm.ServiceSecret) => _bench.One.IssueAsync("demo", clientId, secret);

    private static string TextOf(JsonElement tokens, string claim) => FlowBench.Claims(tokens).GetProperty(claim).GetString()!;

    private static string IdOf(string token) =>
        JsonDocument.Parse(Base64Url.DecodeFromChars(token.Split('.')[1])).RootElement.GetProperty("jti").GetString()!;

    private Task<IReadOnlyList<Wire.TokenEvent>> StoryAsync(string tokenId) => ListAsync(new() { TokenId = tokenId });

    /// <summary>As things happened.</summary>
    private async Task<IReadOnlyList<Wire.TokenEvent>> ListAsync(Wire.ListTokenEventsRequest request)
    {
        request.RealmId = request.RealmId.Length == 0 ? "demo" : request.RealmId;
        request.OldestFirst = true;
        var answer = await _bench.Two.TokenAudit.ListTokenEventsAsync(request, TokenReplica.Operator);
        return answer.Events;
    }

    /// <summary>Every row as one text.</summary>
    private async Task<IReadOnlyList<string>> DumpAsync()
    {
        await using var session = await database.Database.OpenAsync(CancellationToken.None);
        return await session.QueryAsync<string>(
            "select realm_id || ' ' || events from token_event_batch union all select realm_id || ' ' || kind || ' ' || value from token_event_key",
            null,
            CancellationToken.None);
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await holds())
        {
            await Task.Delay(20, deadline.Token);
        }
    }
}

public sealed class SqliteTokenEventTests(SqliteTokenDatabase database) : TokenEventContract(database), IClassFixture<SqliteTokenDatabase>;

[NeedsPostgres]
public sealed class PostgresTokenEventTests(PostgresTokenDatabase database) : TokenEventContract(database), IClassFixture<PostgresTokenDatabase>;
