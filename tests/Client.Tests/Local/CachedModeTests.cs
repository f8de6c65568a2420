using Google.Protobuf.WellKnownTypes;
using Pltfrms.Iam.Client;
using Pltfrms.Iam.Common.Realms.Model;
using Wire = Pltfrms.Iam.Token.V1;

namespace Client.Tests.Local;

/// <summary>The mode that gives answers again, with streams that end them and without.</summary>
public sealed class CachedModeTests
{
    [Fact]
    public async Task Answers_of_the_cached_mode_end_with_what_the_streams_bring()
    {
        await using var fixture = await CountingAsync(watchFeeds: true);

        Assert.Equal((1L, 1L), ((await fixture.CheckAsync("token")).Revision, (await fixture.CheckAsync("token")).Revision));
        fixture.Feeds.Revoke("anything");
        await LocalFixture.UntilAsync(async () => (await fixture.CheckAsync("token")).Revision == 2);
        fixture.Feeds.Change(DemoRealm.Bob);
        await LocalFixture.UntilAsync(async () => (await fixture.CheckAsync("token")).Revision == 3);
        Assert.Equal(3L, (await fixture.CheckAsync("token")).Revision);
    }

    [Fact]
    public async Task What_changes_while_an_answer_is_under_way_ends_it_before_it_is_kept()
    {
        await using var fixture = await CountingAsync(watchFeeds: true);
        var token = fixture.Token();
        var asked = 0;
        fixture.Server.Check = async (_, _) =>
        {
            if (++asked == 1)
            {
                fixture.Feeds.Remove(ResourceKind.RoleBinding, DemoRealm.ServiceBinding.RoleBindingId);
                await LocalFixture.UntilAsync(async () => (await DecideAsync(fixture, token)).Reason == DecisionReason.PermissionNotAssigned);
            }
            return new() { Allowed = asked == 1, Reason = asked == 1 ? Wire.DecisionReason.Allowed : Wire.DecisionReason.PermissionNotAssigned, Revision = asked };
        };

        Assert.True((await fixture.CheckAsync(token)).Allowed);
        Assert.False((await fixture.CheckAsync(token)).Allowed);
    }

    [Fact]
    public async Task A_clock_that_is_put_back_keeps_no_answer_for_longer()
    {
        await using var fixture = await CountingAsync(watchFeeds: false);
        Assert.Equal(1, (await fixture.CheckAsync("token")).Revision);

        fixture.Clock.Put = TimeSpan.FromSeconds(-60);
        Assert.Equal(1, (await fixture.CheckAsync("token")).Revision);
        fixture.Clock.Pass(TimeSpan.FromSeconds(5));

        Assert.Equal(2, (await fixture.CheckAsync("token")).Revision);
    }

    /// <summary>Answers are numbered by their revision, so that one that is given again is known.</summary>
    private static async Task<LocalFixture> CountingAsync(bool watchFeeds)
    {
        var fixture = await LocalFixture.StartAsync(configure: options => (options.Mode, options.WatchFeeds) = (IamMode.Cached, watchFeeds));
        var asked = 0;
        fixture.Server.Introspect = (_, _) => Task.FromResult(new Wire.IntrospectTokenResponse
        {
            Active = true,
            ExpireTime = Timestamp.FromDateTimeOffset(fixture.Clock.True.AddHours(1)),
        });
        fixture.Server.Check = (_, _) => Task.FromResult(new Wire.CheckPermissionResponse { Allowed = true, Revision = ++asked });
        return fixture;
    }

    private static Task<PermissionDecision> DecideAsync(LocalFixture fixture, string token) => fixture.Iam.CheckPermissionAsync(
        new() { Subject = PermissionSubject.AccessToken(token), Permission = "invoices.create", OrganizationId = "acme", Mode = IamMode.Local }, CancellationToken.None);
}
