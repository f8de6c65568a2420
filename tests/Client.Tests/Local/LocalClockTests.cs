using Pltfrms.Iam.Client;

namespace Client.Tests.Local;

/// <summary>Clocks that differ, and heartbeats that were under way for long: nothing counts for longer than the server said.</summary>
public sealed class LocalClockTests
{
    [Theory]
    [InlineData(-60)]
    [InlineData(60)]
    public async Task A_clock_that_is_off_lets_no_token_live_longer_or_shorter(int seconds)
    {
        await using var fixture = await LocalFixture.StartAsync(ahead: TimeSpan.FromSeconds(seconds));
        var token = fixture.Signer.Sign(RealmSigner.Token(fixture.Clock.True) with { ExpiresAt = fixture.Clock.True.AddSeconds(30) });

        Assert.Equal((DecisionReason.Allowed, true), await fixture.AskAsync(token));
        fixture.Clock.Pass(TimeSpan.FromSeconds(28));
        Assert.Equal((DecisionReason.Allowed, true), await fixture.AskAsync(token));
        fixture.Clock.Pass(TimeSpan.FromSeconds(1.5));
        // In its last second the server's clock alone counts.
        Assert.Equal((DecisionReason.PermissionNotAssigned, false), await fixture.AskAsync(token));
        fixture.Clock.Pass(TimeSpan.FromSeconds(0.5));

        Assert.Equal((DecisionReason.TokenInactive, true), await fixture.AskAsync(token));
    }

    [Fact]
    public async Task What_is_revoked_stays_known_until_its_token_has_expired_by_every_clock()
    {
        await using var fixture = await LocalFixture.StartAsync();
        var token = RealmSigner.Token(fixture.Clock.True) with { ExpiresAt = fixture.Clock.True.AddMinutes(3) };
        var text = fixture.Signer.Sign(token);
        fixture.Feeds.Revoke(token.TokenId, token.ExpiresAt);
        await fixture.BecomesAsync(text, (DecisionReason.TokenInactive, true));

        // The server's clock was two minutes ahead for a moment, in which what has expired was forgotten.
        fixture.Clock.Pass(TimeSpan.FromSeconds(61));
        fixture.Feeds.Beat(fixture.Clock.True.AddMinutes(2));
        fixture.Feeds.Beat(fixture.Clock.True.AddMinutes(2));
        fixture.Feeds.Revoke("another");
        fixture.Feeds.Cut();
        await fixture.FreshAsync();

        await fixture.BecomesAsync(text, (DecisionReason.TokenInactive, true));
    }

    [Theory]
    [InlineData(-60)]
    [InlineData(0)]
    [InlineData(60)]
    public async Task A_heartbeat_that_was_held_up_confirms_no_more_than_it_did_when_it_was_sent(int seconds)
    {
        await using var fixture = await LocalFixture.StartAsync(ahead: TimeSpan.FromSeconds(seconds));
        var token = fixture.Token();
        Assert.Equal((DecisionReason.Allowed, true), await fixture.AskAsync(token));
        var sentAt = fixture.Clock.True;

        fixture.Clock.Pass(TimeSpan.FromSeconds(90));
        // Sent now it would confirm the realm as it is; but it was sent when the clock stood elsewhere, or says that it knows nothing newer.
        fixture.Feeds.Beat(sentAt.AddSeconds(1));
        fixture.Feeds.Beat(sentAt.AddSeconds(2), TimeSpan.FromSeconds(88));
        await AgeIsAsync(fixture, TimeSpan.FromSeconds(88));
        Assert.Equal((DecisionReason.PermissionNotAssigned, false), await fixture.AskAsync(token));
        fixture.Feeds.Beat(fixture.Clock.True, TimeSpan.FromSeconds(1));

        await fixture.BecomesAsync(token, (DecisionReason.Allowed, true));
    }

    [Fact]
    public async Task The_first_heartbeat_of_a_connection_confirms_what_was_known_when_the_connection_was_asked_for()
    {
        await using var fixture = await LocalFixture.StartAsync();
        var token = fixture.Token();
        fixture.Clock.Pass(TimeSpan.FromSeconds(20));
        fixture.Feeds.Cut();
        await LocalFixture.UntilAsync(() => Task.FromResult(fixture.Feeds is { Watchers: 2, RealmRequests.Count: > 1, RevocationRequests.Count: > 1 }));

        fixture.Clock.Pass(TimeSpan.FromSeconds(61));
        fixture.Feeds.Change(DemoRealm.Bob);
        fixture.Feeds.Beat(fixture.Clock.True);
        await AgeIsAsync(fixture, TimeSpan.FromSeconds(61));
        Assert.Equal((DecisionReason.PermissionNotAssigned, false), await fixture.AskAsync(token));
        await fixture.FreshAsync();

        await fixture.BecomesAsync(token, (DecisionReason.Allowed, true));
    }

    [Fact]
    public async Task Where_all_heartbeats_of_a_connection_are_held_up_alike_none_of_them_confirms_more_than_it_could_when_it_was_sent()
    {
        await using var fixture = await LocalFixture.StartAsync();
        var token = fixture.Token();
        fixture.Feeds.Cut();
        await LocalFixture.UntilAsync(() => Task.FromResult(fixture.Feeds is { Watchers: 2, RealmRequests.Count: > 1, RevocationRequests.Count: > 1 }));
        var sentAt = fixture.Clock.True;

        fixture.Clock.Pass(TimeSpan.FromSeconds(90));
        fixture.Feeds.Beat(sentAt);
        fixture.Feeds.Beat(sentAt.AddSeconds(0.5));
        fixture.Feeds.Beat(sentAt.AddSeconds(1));
        await LocalFixture.UntilAsync(() => Task.FromResult(fixture.Feeds is { Watchers: 2, RealmRequests.Count: > 2, RevocationRequests.Count: > 2 }));

        Assert.Equal((DecisionReason.PermissionNotAssigned, false), await fixture.AskAsync(token));
        await fixture.FreshAsync();
        Assert.Equal((DecisionReason.Allowed, true), await fixture.AskAsync(token));
    }

    /// <summary>Waits until heartbeats have been heard by which both streams are so old; clocks drift a little.</summary>
    private static Task AgeIsAsync(LocalFixture fixture, TimeSpan age) => LocalFixture.UntilAsync(async () =>
        (await fixture.HealthAsync()).Data.Values.OfType<TimeSpan>().ToArray() is [var realm, var revocations]
        && (realm - age).Duration() < TimeSpan.FromSeconds(0.5) && (revocations - age).Duration() < TimeSpan.FromSeconds(0.5));
}
