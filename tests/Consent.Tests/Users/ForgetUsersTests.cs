using Consent.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Consent.Users;
using static Consent.Tests.Hosting.DialogCalls;

namespace Consent.Tests.Users;

/// <summary>Users who are deleted are forgotten, others are not.</summary>
public sealed class ForgetUsersTests(ConsentServiceFixture fixture) : IClassFixture<ConsentServiceFixture>
{
    private ConsentReplica Service => fixture.Service;

    [Fact]
    public async Task A_deleted_user_leaves_no_decision_no_grant_and_no_name()
    {
        var (gone, stays) = (await fixture.NewUserAsync(), await fixture.NewUserAsync());
        foreach (var user in new[] { gone, stays })
        {
            await Service.GrantAsync(Request(user, "web", "invoices.read"), "invoices.read");
            fixture.Peers.AddGrant(user, "web", "", "invoices.read");
        }

        await Service.ReachAsync("demo", fixture.Realms.Remove("demo", ResourceKind.User, gone));
        await RoundAsync();
        Assert.Equal(1, await DecisionsAsync(gone));
        await RoundAsync();

        Assert.Equal((0, 1), (await DecisionsAsync(gone), await DecisionsAsync(stays)));
        Assert.Equal((0, 1), (await ReceiptsAsync(gone), await ReceiptsAsync(stays)));
        var started = TimeProvider.System.GetTimestamp();
        while (fixture.Peers.Grants.Values.Any(grant => grant.UserId == gone))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(20), "The grant is still there.");
            await Task.Delay(20);
        }

        Assert.Contains(fixture.Peers.Grants.Values, grant => grant.UserId == stays);
    }

    [Fact]
    public async Task A_user_who_gets_another_name_keeps_what_they_decided()
    {
        var user = await fixture.NewUserAsync();
        await Service.GrantAsync(Request(user, "web", "invoices.read"), "invoices.read");

        await Service.ReachAsync("demo", fixture.Realms.Change("demo", new User { RealmId = "demo", UserId = user, DisplayName = "New name" }));
        await RoundAsync();
        await RoundAsync();

        Assert.Equal(["invoices.read"], (await Service.StartAsync(Request(user, "web", "invoices.read"))).Outcome.Scopes);
    }

    [Fact]
    public async Task A_user_whom_this_replica_hears_of_late_keeps_what_they_decided()
    {
        var user = await fixture.NewUserAsync();
        await Service.GrantAsync(Request(user, "web", "invoices.read"), "invoices.read");
        await Service.ReachAsync("demo", fixture.Realms.Remove("demo", ResourceKind.User, user));
        await RoundAsync();
        await Service.ReachAsync("demo", fixture.Realms.Change("demo", new User { RealmId = "demo", UserId = user }));
        await RoundAsync();
        await RoundAsync();

        Assert.Equal(1, await DecisionsAsync(user));
    }

    private Task<int> RoundAsync() => Service.Services.GetRequiredService<ForgetUsers>().RunAsync(CancellationToken.None);

    private async Task<int> DecisionsAsync(string user) =>
        (await Service.Consents.ListConsentsAsync(new() { RealmId = "demo", UserId = user }, ConsentReplica.Operator)).Consents.Count;

    private async Task<int> ReceiptsAsync(string user) =>
        (await Service.Consents.ListReceiptsAsync(new() { RealmId = "demo", UserId = user }, ConsentReplica.Operator)).Receipts.Count;
}
