using Microsoft.Extensions.Diagnostics.HealthChecks;
using Pltfrms.Iam.Client;
using Pltfrms.Iam.Common.Realms.Model;

namespace Client.Tests.Local;

/// <summary>A connection that is cut comes back at another replica, which may be behind, or at another realm of the same name; and one stream may be heard and the other not.</summary>
public sealed class ReplicaTests
{
    private static readonly (DecisionReason, bool) Allowed = (DecisionReason.Allowed, true);
    private static readonly (DecisionReason, bool) Asked = (DecisionReason.PermissionNotAssigned, false);

    [Fact]
    public async Task What_is_known_to_be_revoked_stays_so_at_a_replica_that_has_not_heard_of_it()
    {
        await using var fixture = await LocalFixture.StartAsync();
        var token = RealmSigner.Token(fixture.Clock.True);
        var text = fixture.Signer.Sign(token);
        fixture.Feeds.Revoke("something");
        fixture.Feeds.Revoke(token.TokenId);
        await fixture.BecomesAsync(text, (DecisionReason.TokenInactive, true));

        fixture.Feeds.HeardOf = 1;
        await ReconnectAsync(fixture);
        await fixture.FreshAsync();

        Assert.Equal((DecisionReason.TokenInactive, true), await fixture.AskAsync(text));
    }

    [Fact]
    public async Task What_is_revoked_at_a_replica_that_was_behind_is_heard_of()
    {
        await using var fixture = await LocalFixture.StartAsync();
        var token = RealmSigner.Token(fixture.Clock.True);
        var text = fixture.Signer.Sign(token);
        fixture.Feeds.Revoke("one");
        fixture.Feeds.Revoke("two");
        Assert.Equal(Allowed, await fixture.AskAsync(text));
        fixture.Feeds.HeardOf = 1;
        await ReconnectAsync(fixture);

        fixture.Feeds.Revoke(token.TokenId);

        await fixture.BecomesAsync(text, (DecisionReason.TokenInactive, true));
    }

    [Fact]
    public async Task A_binding_that_is_known_to_be_gone_is_not_back_at_a_replica_that_is_behind()
    {
        await using var fixture = await LocalFixture.StartAsync();
        var token = fixture.Token();
        fixture.Feeds.Remove(ResourceKind.RoleBinding, DemoRealm.ServiceBinding.RoleBindingId);
        await fixture.BecomesAsync(token, (DecisionReason.PermissionNotAssigned, true));

        fixture.Feeds.FallBehind(1, DemoRealm.ServiceBinding);
        await ReconnectAsync(fixture);

        await fixture.BecomesAsync(token, Asked);
    }

    [Fact]
    public async Task The_keys_of_a_realm_that_was_deleted_are_not_those_of_its_successor()
    {
        await using var fixture = await LocalFixture.StartAsync();
        var old = fixture.Token();
        Assert.Equal(Allowed, await fixture.AskAsync(old));
        fixture.Feeds.IsGone = true;
        fixture.Feeds.Cut();
        await fixture.BecomesAsync(old, Asked);

        fixture.Feeds.Put(DemoRealm.Realm with { CreatedAt = fixture.Clock.True });
        fixture.Signer.Rotate();
        fixture.Signer.Forget("key-1");
        fixture.Feeds.IsGone = false;
        await fixture.FreshAsync();
        var next = fixture.Token();
        await fixture.BecomesAsync(next, Allowed);

        Assert.Equal(Asked, await fixture.AskAsync(old));
    }

    [Fact]
    public async Task A_realm_that_is_disabled_is_the_servers_to_speak_of()
    {
        await using var fixture = await LocalFixture.StartAsync();
        var token = fixture.Token();
        Assert.Equal(Allowed, await fixture.AskAsync(token));

        fixture.Feeds.Change(DemoRealm.Realm with { Disabled = true });
        await fixture.BecomesAsync(token, Asked);
        fixture.Feeds.Change(DemoRealm.Realm);

        await fixture.BecomesAsync(token, Allowed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Both_streams_must_be_heard(bool isRealmHeard)
    {
        await using var fixture = await LocalFixture.StartAsync();
        var token = fixture.Token();
        Assert.Equal(Allowed, await fixture.AskAsync(token));

        fixture.Clock.Pass(LocalFixture.StaleAfter / 2);
        Action<DateTimeOffset> beat = isRealmHeard ? asOf => fixture.Feeds.BeatRealm(asOf) : asOf => fixture.Feeds.BeatRevocations(asOf);
        beat(fixture.Clock.True);
        // What it confirms is heard of when the other one is not fresh any more.
        fixture.Clock.Pass((LocalFixture.StaleAfter / 2) + TimeSpan.FromSeconds(1));
        beat(fixture.Clock.True);
        await LocalFixture.UntilAsync(async () => (await fixture.HealthAsync()).Status != HealthStatus.Healthy);

        Assert.Equal(Asked, await fixture.AskAsync(fixture.Signer.Sign(RealmSigner.Token(fixture.Clock.True))));
    }

    /// <summary>Both streams are there again. What they begin with comes before whatever is sent from now on.</summary>
    private static async Task ReconnectAsync(LocalFixture fixture)
    {
        var (realm, revocations) = (fixture.Feeds.RealmRequests.Count, fixture.Feeds.RevocationRequests.Count);
        fixture.Feeds.Cut();
        await LocalFixture.UntilAsync(() => Task.FromResult(
            fixture.Feeds.Watchers == 2 && fixture.Feeds.RealmRequests.Count > realm && fixture.Feeds.RevocationRequests.Count > revocations));
    }
}
