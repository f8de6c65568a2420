using Consent.Tests.Consents;
using Consent.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Pltfrms.Iam.Consent.Revocation;
using Pltfrms.Iam.Consent.V1;
using Testing;
using Testing.Databases;
using Token.Tests.Hosting;
using static Consent.Tests.Hosting.DialogCalls;

namespace Consent.Tests.Revocation;

/// <summary>Withdrawn consent ends access, on either engine, whatever fails in between.</summary>
public abstract class RevocationContract(TestDatabase database) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly FakeClock _clock = new();
    private readonly TestRealmFeed _realms = new();
    private readonly string _user = $"u{Guid.NewGuid():n}";
    private Peers? _peers;
    private ConsentReplica? _service;

    private Peers Peers => _peers!;

    private ConsentReplica Service => _service!;

    /// <summary>Those of this test: what others left behind in the database is carried out too.</summary>
    private List<Pltfrms.Iam.Token.V1.RevokeGrantsRequest> Revocations => [.. Peers.Revocations.Where(revocation => revocation.UserId == _user)];

    public async Task InitializeAsync()
    {
        _realms.Set("demo", ConsentRealm.Resources("demo"));
        _realms.Change("demo", new Pltfrms.Iam.Common.Realms.Model.User { RealmId = "demo", UserId = _user });
        _peers = await Peers.StartAsync();
        _service = await StartAsync();
    }

    public async Task DisposeAsync()
    {
        await Service.DisposeAsync();
        await Peers.DisposeAsync();
    }

    [StorageFact]
    public async Task Narrowing_revokes_the_grants_that_have_the_scope_and_no_others()
    {
        await Service.GrantAsync(Request(_user, "web", "invoices.read", "invoices.create"), "invoices.read", "invoices.create");
        var both = Peers.AddGrant(_user, "web", "", "invoices.read", "invoices.create");
        var reading = Peers.AddGrant(_user, "web", "", "invoices.read");
        var elsewhere = Peers.AddGrant(_user, "web", "acme", "invoices.create");
        var foreign = Peers.AddGrant("bob", "web", "", "invoices.create");

        await Service.Consents.ChangeConsentAsync(Change("invoices.create", ConsentDecision.Denied), ConsentReplica.Operator);

        Assert.False(Peers.Grants.ContainsKey(both.GrantId));
        Assert.True(Peers.Grants.ContainsKey(reading.GrantId) && Peers.Grants.ContainsKey(elsewhere.GrantId) && Peers.Grants.ContainsKey(foreign.GrantId));
    }

    [StorageFact]
    public async Task Widening_revokes_nothing()
    {
        await Service.GrantAsync(Request(_user, "web", "invoices.read"), "invoices.read");
        var grant = Peers.AddGrant(_user, "web", "", "invoices.read");

        await Service.Consents.ChangeConsentAsync(Change("invoices.read", ConsentDecision.Granted), ConsentReplica.Operator);

        Assert.True(Peers.Grants.ContainsKey(grant.GrantId));
        Assert.Empty(Revocations);
    }

    [StorageFact]
    public async Task A_denial_in_the_dialog_revokes_what_was_granted_before()
    {
        await Service.GrantAsync(Request(_user, "web", "invoices.read", "invoices.create"), "invoices.read", "invoices.create");
        Peers.AddGrant(_user, "web", "", "invoices.read", "invoices.create");
        var request = Request(_user, "web", "invoices.read", "invoices.create");
        request.PromptConsent = true;

        await Service.GrantAsync(request, "invoices.read");

        await UntilAsync(() => Peers.Grants.IsEmpty);
    }

    [StorageFact]
    public async Task While_the_token_service_is_down_the_decision_stands_and_the_revocation_follows()
    {
        await Service.GrantAsync(Request(_user, "web", "invoices.read"), "invoices.read");
        Peers.AddGrant(_user, "web", "", "invoices.read");
        Peers.IsDown = true;

        await RefusesAsync("SERVICE_UNAVAILABLE", RevokeAsync);
        Assert.Single(Peers.Grants);
        Assert.Null((await Service.StartAsync(Request(_user, "web", "invoices.read"))).Outcome);
        Peers.IsDown = false;
        _clock.Advance(TimeSpan.FromSeconds(6));

        await UntilAsync(() => Peers.Grants.IsEmpty);
    }

    [StorageFact]
    public async Task A_service_that_dies_after_the_decision_revokes_when_it_is_back()
    {
        await Service.GrantAsync(Request(_user, "web", "invoices.read"), "invoices.read");
        Peers.AddGrant(_user, "web", "", "invoices.read");
        Peers.IsDown = true;
        await RefusesAsync("SERVICE_UNAVAILABLE", RevokeAsync);
        await Service.DisposeAsync();
        Peers.IsDown = false;
        _clock.Advance(TimeSpan.FromSeconds(6));

        _service = await StartAsync();

        await UntilAsync(() => Peers.Grants.IsEmpty);
    }

    [StorageFact]
    public async Task A_code_that_was_on_its_way_does_not_outlive_its_consent()
    {
        await Service.GrantAsync(Request(_user, "web", "invoices.read"), "invoices.read");
        await RevokeAsync();
        Assert.Null(Assert.Single(Revocations).GivenBefore);

        // Redeemed after the revocation, given before it.
        Peers.AddGrant(_user, "web", "", "invoices.read");
        var revokedAt = _clock.GetUtcNow();
        _clock.Advance(TimeSpan.FromSeconds(76));
        await UntilAsync(() => Peers.Grants.IsEmpty);
        _clock.Advance(TimeSpan.FromMinutes(15));
        await UntilAsync(() => Revocations.Count == 3);

        Assert.All(Revocations.Skip(1), r => Assert.Equal(revokedAt.AddSeconds(1), r.GivenBefore.ToDateTimeOffset()));
        await UntilAsync(() => PendingAsync().GetAwaiter().GetResult() == 0);
    }

    [StorageFact]
    public async Task Applications_are_not_guessed_while_the_token_service_is_down()
    {
        Peers.IsDown = true;

        await RefusesAsync("SERVICE_UNAVAILABLE", async () => await Service.Consents.ListApplicationsAsync(
            new() { RealmId = "demo", UserId = _user }, ConsentReplica.Operator));
    }

    private Task<ConsentReplica> StartAsync() => ConsentReplica.StartAsync(database.Settings, _realms, _clock, Peers.Settings);

    private ChangeConsentRequest Change(string scope, ConsentDecision decision) =>
        new() { RealmId = "demo", UserId = _user, ClientId = "web", Scope = scope, Decision = decision };

    private async Task RevokeAsync() => await Service.Consents.RevokeConsentsAsync(
        new() { RealmId = "demo", UserId = _user, ClientId = "web" }, ConsentReplica.Operator);

    private async Task<int> PendingAsync()
    {
        await using var session = await database.Database.OpenAsync(CancellationToken.None);
        var pending = await Service.Services.GetRequiredService<GrantRevocationStore>()
            .ListDueAsync(session, DateTimeOffset.MaxValue, 1000, CancellationToken.None);
        return pending.Count(revocation => revocation.UserId == _user);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Patience, "It did not come to pass in time.");
            await Task.Delay(20);
        }
    }
}

public sealed class SqliteRevocationTests(SqliteConsentDatabase fixture) : RevocationContract(fixture), IClassFixture<SqliteConsentDatabase>;

[NeedsPostgres]
public sealed class PostgresRevocationTests(PostgresConsentDatabase fixture) : RevocationContract(fixture), IClassFixture<PostgresConsentDatabase>;
