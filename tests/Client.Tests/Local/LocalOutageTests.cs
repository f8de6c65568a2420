using Grpc.Core;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Pltfrms.Iam.Client;
using Pltfrms.Iam.Common.Realms.Model;
using Testing;

namespace Client.Tests.Local;

/// <summary>Streams cut, servers restarted, keys rotated, the network gone: what is decided meanwhile is right or refused.</summary>
public sealed class LocalOutageTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Stale_streams_are_no_ground_to_decide_on()
    {
        await using var fixture = await LocalFixture.StartAsync();
        var token = fixture.Token();
        Assert.Equal((DecisionReason.Allowed, true), await fixture.AskAsync(token));

        fixture.Clock.Pass(LocalFixture.StaleAfter);
        Assert.Equal((DecisionReason.Allowed, true), await fixture.AskAsync(token));
        fixture.Clock.Pass(TimeSpan.FromTicks(1));
        Assert.Equal((DecisionReason.PermissionNotAssigned, false), await fixture.AskAsync(token));
        await fixture.FreshAsync();

        Assert.Equal((DecisionReason.Allowed, true), await fixture.AskAsync(token));
    }

    [Fact]
    public async Task Without_streams_and_server_nobody_decides()
    {
        await using var fixture = await LocalFixture.StartAsync();
        var token = fixture.Token();
        Assert.Equal((DecisionReason.Allowed, true), await fixture.AskAsync(token));

        fixture.Clock.Pass(LocalFixture.StaleAfter + TimeSpan.FromTicks(1));
        fixture.GoDown();

        await Assert.ThrowsAsync<IamUnavailableException>(() => fixture.CheckAsync(token));
        await Assert.ThrowsAsync<IamUnavailableException>(() => fixture.Iam.IntrospectAsync(token, CancellationToken.None));
        await Assert.ThrowsAsync<IamUnavailableException>(() => fixture.CheckAsync("forged"));
        Assert.Equal(HealthStatus.Unhealthy, (await fixture.HealthAsync()).Status);
    }

    [Fact]
    public async Task Before_the_streams_have_begun_everything_is_asked()
    {
        await using var fixture = await LocalFixture.StartAsync();
        fixture.Feeds.IsDown = true;
        await using var late = await LateAsync(fixture);

        Assert.Equal(LocalFixture.Remote, (await late.Iam.CheckPermissionAsync(fixture.Token(), "invoices.create", "acme", CancellationToken.None)).Revision);
    }

    [Fact]
    public async Task A_connection_that_says_nothing_any_more_is_given_up()
    {
        await using var fixture = await LocalFixture.StartAsync(configure: options => options.FeedStaleAfter = TimeSpan.FromSeconds(1));
        var (realm, revocations) = (fixture.Feeds.RealmRequests.Count, fixture.Feeds.RevocationRequests.Count);

        // No heartbeat comes, and no end either, as from behind a cable that was cut.
        await LocalFixture.UntilAsync(() => Task.FromResult(fixture.Feeds.RealmRequests.Count > realm && fixture.Feeds.RevocationRequests.Count > revocations));
    }

    [Fact]
    public async Task A_cut_stream_goes_on_where_it_was()
    {
        await using var fixture = await LocalFixture.StartAsync();
        var token = fixture.Token();
        fixture.Feeds.Revoke("something");
        var revision = fixture.Feeds.Change(DemoRealm.Bob);
        Assert.Equal(revision, (await CheckAsync(fixture, token, revision)).Revision);
        fixture.Feeds.Beat(fixture.Clock.True);

        fixture.Feeds.Cut();
        await LocalFixture.UntilAsync(() => Task.FromResult(fixture.Feeds is { Watchers: 2, RealmRequests.Count: > 1, RevocationRequests.Count: > 1 }));

        Assert.Equal((revision, "view-1"), (fixture.Feeds.RealmRequests.Last().AfterRevision, fixture.Feeds.RealmRequests.Last().ViewId));
        Assert.Equal(DemoRealm.Realm.CreatedAt, fixture.Feeds.RealmRequests.Last().CreateTime.ToDateTimeOffset());
        Assert.Equal(1, fixture.Feeds.RevocationRequests.Last().AfterSequence);
        fixture.Feeds.Remove(ResourceKind.RoleBinding, DemoRealm.ServiceBinding.RoleBindingId);
        await fixture.BecomesAsync(token, (DecisionReason.PermissionNotAssigned, true));
    }

    [Fact]
    public async Task A_server_that_is_away_is_asked_for_until_it_is_back_and_says_what_changed_meanwhile()
    {
        await using var fixture = await LocalFixture.StartAsync();
        var (token, revoked) = (RealmSigner.Token(fixture.Clock.True), RealmSigner.Token(fixture.Clock.True));
        var (text, gone) = (fixture.Signer.Sign(token), fixture.Signer.Sign(revoked));
        Assert.Equal((DecisionReason.Allowed, true), await fixture.AskAsync(gone));

        fixture.Feeds.IsDown = true;
        fixture.Feeds.Cut();
        fixture.Feeds.Revoke(revoked.TokenId);
        fixture.Feeds.Change(DemoRealm.ServiceBinding with { OrganizationId = "globex" });
        fixture.Clock.Pass(LocalFixture.StaleAfter + TimeSpan.FromTicks(1));
        Assert.Equal((DecisionReason.PermissionNotAssigned, false), await fixture.AskAsync(gone));
        fixture.Feeds.IsDown = false;
        await fixture.FreshAsync();

        Assert.Equal((DecisionReason.TokenInactive, true), await fixture.AskAsync(gone));
        Assert.Equal((DecisionReason.PermissionNotAssigned, true), await fixture.AskAsync(text));
        Assert.Equal((DecisionReason.Allowed, true), await fixture.AskAsync(text, organizationId: "globex"));
    }

    [Fact]
    public async Task A_network_that_is_cut_for_a_minute_is_used_again_when_it_is_back()
    {
        TcpRelay? used = null;
        await using var fixture = await LocalFixture.StartAsync(configure: options =>
        {
            used = new TcpRelay(options.Address!.Port);
            used.Join();
            options.Address = new($"http://127.0.0.1:{used.Port}");
        });
        var token = fixture.Token();
        Assert.Equal((DecisionReason.Allowed, true), await fixture.AskAsync(token));

        used!.Cut();
        fixture.Clock.Pass(Minute + TimeSpan.FromTicks(1));
        await Assert.ThrowsAsync<IamUnavailableException>(() => fixture.CheckAsync(token));
        used.Join();
        await fixture.FreshAsync();

        Assert.Equal((DecisionReason.Allowed, true), await fixture.AskAsync(token));
        used.Dispose();
    }

    [Fact]
    public async Task A_new_key_leaves_no_gap_and_an_old_one_no_trace()
    {
        await using var fixture = await LocalFixture.StartAsync();
        var before = fixture.Token();
        Assert.Equal((DecisionReason.Allowed, true), await fixture.AskAsync(before));

        fixture.Signer.Rotate();
        var after = fixture.Token();

        Assert.Equal((DecisionReason.PermissionNotAssigned, false), await fixture.AskAsync(after));
        await fixture.BecomesAsync(after, (DecisionReason.Allowed, true));
        Assert.Equal((DecisionReason.Allowed, true), await fixture.AskAsync(before));
        fixture.Signer.Forget("key-1");
        fixture.Signer.Rotate();
        await fixture.BecomesAsync(fixture.Token(), (DecisionReason.Allowed, true));
        Assert.Equal((DecisionReason.PermissionNotAssigned, false), await fixture.AskAsync(before));
    }

    [Fact]
    public async Task A_revision_is_waited_for_and_asked_for_where_the_stream_does_not_bring_it()
    {
        await using var fixture = await LocalFixture.StartAsync(configure: options => options.Timeout = TimeSpan.FromSeconds(4));
        var token = fixture.Token();

        var waiting = CheckAsync(fixture, token, 2);
        fixture.Feeds.Remove(ResourceKind.RoleBinding, DemoRealm.ServiceBinding.RoleBindingId);
        var decided = await waiting;
        Assert.Equal((DecisionReason.PermissionNotAssigned, 2L), (decided.Reason, decided.Revision));
        // One that changes nothing here comes with a heartbeat.
        waiting = CheckAsync(fixture, token, fixture.Feeds.Pass());
        fixture.Feeds.Beat(fixture.Clock.True);
        Assert.Equal(3, (await waiting).Revision);

        Assert.Equal(LocalFixture.Remote, (await CheckAsync(fixture, token, 9)).Revision);
    }

    [Fact]
    public async Task What_the_application_comes_to_see_is_decided_here()
    {
        await using var fixture = await LocalFixture.StartAsync();
        fixture.Feeds.Put(new ResourceServer
        {
            RealmId = DemoRealm.Id,
            Audience = DemoRealm.OtherAudience,
            Permissions = [new() { Name = "payments.refund" }],
        });
        var token = fixture.Signer.Sign(RealmSigner.Token(fixture.Clock.True) with { Audiences = [DemoRealm.OtherAudience] });
        Assert.Equal((DecisionReason.PermissionNotAssigned, false), await fixture.AskAsync(token, "payments.refund"));

        fixture.Feeds.Show(new() { ViewId = "view-2", Audiences = { DemoRealm.Audience, DemoRealm.OtherAudience } });

        await fixture.BecomesAsync(token, (DecisionReason.ScopeNotGranted, true), "payments.refund");
    }

    [Fact]
    public async Task A_realm_that_is_gone_is_not_decided_about()
    {
        await using var fixture = await LocalFixture.StartAsync();
        var token = fixture.Token();
        Assert.Equal((DecisionReason.Allowed, true), await fixture.AskAsync(token));

        fixture.Feeds.IsGone = true;
        fixture.Feeds.Cut();

        await fixture.BecomesAsync(token, (DecisionReason.PermissionNotAssigned, false));
        await LocalFixture.UntilAsync(async () => await fixture.HealthAsync() is
        {
            Status: HealthStatus.Degraded,
            Description: "asks for every decision: REALM_NOT_FOUND: Iam:RealmId is wrong: the token service has no realm 'demo'",
        });
    }

    [Fact]
    public async Task A_client_that_may_not_watch_is_named_and_asks_for_everything()
    {
        await using var fixture = await LocalFixture.StartAsync();
        fixture.Feeds.IsForbidden = true;
        fixture.Feeds.Cut();
        fixture.Clock.Pass(LocalFixture.StaleAfter + TimeSpan.FromTicks(1));

        await LocalFixture.UntilAsync(async () => (await fixture.HealthAsync()).Description is
            "asks for every decision: Iam:ClientId: the client 'demo-api' may not watch the realm 'demo': "
            + "it needs the role iam-resource-server, and to be the client of a resource server");
        Assert.Equal((DecisionReason.PermissionNotAssigned, false), await fixture.AskAsync(fixture.Token()));
    }

    [Fact]
    public async Task Keys_that_cannot_be_read_are_told_of_and_hold_nobody_up()
    {
        await using var fixture = await LocalFixture.StartAsync();
        fixture.Signer.IsDown = true;
        fixture.Signer.Rotate();

        Assert.Equal((DecisionReason.PermissionNotAssigned, false), await fixture.AskAsync(fixture.Token()));
        fixture.Signer.IsDown = false;
        await LocalFixture.UntilAsync(async () => await fixture.AskAsync(fixture.Token()) == (DecisionReason.Allowed, true));
    }

    [Fact]
    public async Task A_stream_that_ends_with_its_token_goes_on_with_the_next_one()
    {
        await using var fixture = await LocalFixture.StartAsync();
        var token = fixture.Token();

        fixture.Feeds.Cut(StatusCode.Unauthenticated, "UNAUTHENTICATED");
        await LocalFixture.UntilAsync(() => Task.FromResult(fixture.Feeds is { Watchers: 2, RealmRequests.Count: > 1 }));
        fixture.Feeds.Remove(ResourceKind.RoleBinding, DemoRealm.ServiceBinding.RoleBindingId);
        await fixture.BecomesAsync(token, (DecisionReason.PermissionNotAssigned, true));

        Assert.True(fixture.Server.TokenRequests.Count > 1);
    }

    private static Task<PermissionDecision> CheckAsync(LocalFixture fixture, string token, long minRevision) => fixture.Iam.CheckPermissionAsync(
        new() { Subject = PermissionSubject.AccessToken(token), Permission = "invoices.create", OrganizationId = "acme", MinRevision = minRevision },
        CancellationToken.None);

    /// <summary>A library that finds the streams of another's server down.</summary>
    private static Task<ClientFixture> LateAsync(LocalFixture fixture) => ClientFixture.StartAsync(options =>
    {
        options.Address = fixture.Server.Address;
        options.Mode = IamMode.Local;
    });
}
