using System.Diagnostics;
using System.Text.Json;
using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Realms.Model;
using Testing.Databases;
using Token.Tests.Authorization;
using Token.Tests.Hosting;
using Wire = Pltfrms.Iam.Token.V1;

namespace Token.Tests.Audit;

/// <summary>What an auditor reads of tokens, on either engine and through two replicas.</summary>
public abstract class TokenEventContract(TestDatabase database) : TokenEventScenario(database)
{
    private const string Path = "/realms/demo/oauth2/token";
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";

    [StorageFact]
    public async Task A_token_is_told_of_with_all_that_it_is_good_for_and_where_it_went()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path)
        {
            Content = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("scope", "invoices.read"), new("organization", "acme")]),
        };
        request.Headers.Authorization = TokenReplica.Basic("demo-service", TestRealm.ServiceSecret);
        request.Headers.Add("traceparent", $"00-{Trace}-00f067aa0ba902b7-01");
        using var response = await Bench.One.Http.SendAsync(request);
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
        Assert.Equal(Bench.Clock.GetUtcNow(), told.EventTime.ToDateTimeOffset());
        Assert.Equal(("127.0.0.1", Trace), (told.SourceAddress, told.CorrelationId));
        Assert.Equal(Revision, told.Revision);
        Assert.Equal(("", null), (told.Reason, told.Revoker));
        Assert.Equal(32, told.Hash.Length);
    }

    [StorageFact]
    public async Task Who_is_refused_is_told_of_with_the_reason_and_a_name_that_nobody_has_is_not()
    {
        using var wrong = await Bench.One.PostAsync(Path, TokenReplica.Basic("short-lived", "a wrong secret"), ("grant_type", "client_credentials"));
        using var scope = await Bench.Two.PostAsync(
            Path, TokenReplica.Basic("short-lived", TestRealm.ServiceSecret), ("grant_type", "client_credentials"), ("scope", "payments.refund"));
        using var grant = await Bench.Two.PostAsync(
            Path, TokenReplica.Basic("short-lived", TestRealm.ServiceSecret), ("grant_type", "refresh_token"), ("refresh_token", "x"));
        using var nobody = await Bench.One.PostAsync(Path, TokenReplica.Basic("my-password-by-mistake", "x"), ("grant_type", "client_credentials"));

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
            using var wrong = await Bench.One.PostAsync(Path, TokenReplica.Basic("odd client:+%", "a wrong secret"), ("grant_type", "client_credentials"));
        }

        // A hundred at once, and ten a second besides.
        var most = Math.Min(300, 110 + (int)(10 * took.Elapsed.TotalSeconds));
        Assert.InRange((await ListAsync(new() { ClientId = "odd client:+%", PageSize = 1000 })).Count, 100, most);
    }

    [StorageFact]
    public async Task A_grant_is_told_of_from_its_first_token_to_the_theft_that_ended_it()
    {
        var tokens = await Bench.TokensAsync();
        var stolen = tokens.GetProperty("refresh_token").GetString()!;
        using var refreshed = await FlowBench.RefreshAsync(Bench.One, stolen);
        using var retried = await FlowBench.RefreshAsync(Bench.Two, stolen);
        Bench.Clock.Advance(TimeSpan.FromMinutes(1));
        using var thief = await FlowBench.RefreshAsync(Bench.Two, stolen);
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
        var tokens = await Bench.TokensAsync();
        using var byClient = await Bench.One.PostAsync(
            "/realms/demo/oauth2/revoke", TokenReplica.Basic("demo-service", TestRealm.ServiceSecret), ("token", own));
        await Bench.One.Tokens.RevokeTokenAsync(new() { RealmId = "demo", Token = foreign }, TokenReplica.Operator);
        using var byRefreshToken = await Bench.One.PostAsync(
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
    public async Task A_realm_that_wants_none_has_none()
    {
        await SetAsync(new AuditSettings { TokenEvents = false });

        var token = await IssueAsync("demo-service");
        await Bench.One.Tokens.RevokeTokenAsync(new() { RealmId = "demo", Token = token }, TokenReplica.Operator);
        await SetAsync(new AuditSettings { DurableAudit = true });
        await IssueAsync("demo-service");

        Assert.Empty(await StoryAsync(IdOf(token)));
    }

    [StorageFact]
    public async Task Nothing_that_is_written_down_could_be_presented_to_anybody()
    {
        var code = await Bench.CodeAsync();
        using var redeemed = await FlowBench.RedeemAsync(Bench.One, code);
        var tokens = await TokenReplica.JsonAsync(redeemed);
        var refreshToken = tokens.GetProperty("refresh_token").GetString()!;
        using var again = await FlowBench.RedeemAsync(Bench.One, code);
        using var refused = await FlowBench.RefreshAsync(Bench.One, refreshToken);
        using var wrong = await Bench.One.PostAsync(Path, TokenReplica.Basic("demo-service", "a-wrong-secret-0123456789"), ("grant_type", "client_credentials"));
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

    private static string TextOf(JsonElement tokens, string claim) => FlowBench.Claims(tokens).GetProperty(claim).GetString()!;

    /// <summary>Every row as one text.</summary>
    private async Task<IReadOnlyList<string>> DumpAsync()
    {
        await using var session = await Database.Database.OpenAsync(CancellationToken.None);
        return await session.QueryAsync<string>(
            "select realm_id || ' ' || events from token_event_batch union all select realm_id || ' ' || kind || ' ' || value from token_event_key",
            null,
            CancellationToken.None);
    }
}

public sealed class SqliteTokenEventTests(SqliteTokenDatabase database) : TokenEventContract(database), IClassFixture<SqliteTokenDatabase>;

[NeedsPostgres]
public sealed class PostgresTokenEventTests(PostgresTokenDatabase database) : TokenEventContract(database), IClassFixture<PostgresTokenDatabase>;
