using System.Globalization;
using Grpc.Core;
using Grpc.Net.Client;
using Pltfrms.Iam.Consent.V1;
using Pltfrms.Iam.Token.V1;
using Testing;
using Testing.Databases;
using Xunit.Abstractions;

namespace Suite.Tests;

/// <summary>Consent that is taken back at one replica, seen at the others.</summary>
[NeedsPostgres]
public sealed class ConsentReplicasTests(ReplicasFixture fixture, ITestOutputHelper output) : IClassFixture<ReplicasFixture>, IAsyncLifetime
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(2);

    private readonly Replicas _replicas = fixture.Replicas;

    public Task InitializeAsync() => fixture.ForgetDecisionsAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [StorageFact]
    public async Task What_is_revoked_at_one_consent_service_is_no_good_at_any_token_service()
    {
        for (var consent = 0; consent < 2; consent++)
        {
            var token = await AuthorizeAsync("carol", "invoices.read");
            Assert.True(await IsActiveAsync(0, token) && await IsActiveAsync(1, token));
            var decided = await Consents(1 - consent).ListConsentsAsync(new() { RealmId = "demo", UserId = "carol" }, Replicas.Operator);
            Assert.Equal(["invoices.read"], decided.Consents.Select(found => found.Scope));

            var revoked = await Consents(consent).RevokeConsentsAsync(
                new() { RealmId = "demo", UserId = "carol", ClientId = "demo-web" }, Replicas.Operator);

            Assert.Equal((1, 1), (revoked.RevokedCount, revoked.RevokedGrantCount));
            await AssertEndsAsync(0, token);
            await AssertEndsAsync(1, token);
            Assert.Empty((await Consents(1 - consent).ListConsentsAsync(new() { RealmId = "demo", UserId = "carol" }, Replicas.Operator)).Consents);
        }
    }

    [StorageFact]
    public async Task What_is_narrowed_at_one_consent_service_is_no_good_at_any_token_service()
    {
        var token = await AuthorizeAsync("carol", "invoices.read invoices.create");

        await Consents(1).ChangeConsentAsync(
            new() { RealmId = "demo", UserId = "carol", ClientId = "demo-web", Scope = "invoices.create", Decision = ConsentDecision.Denied },
            Replicas.Operator);

        await AssertEndsAsync(0, token);
        await AssertEndsAsync(1, token);
        // What is left is granted without asking.
        using var browser = new TestBrowser(new Uri(_replicas.Issuing));
        var answered = await User("carol").LogInAsync(browser, "invoices.read invoices.create");
        Assert.Equal("invoices.read", (await User("carol").RedeemAsync(answered.Parameter("code")!)).GetProperty("scope").GetString());
    }

    [StorageFact]
    public async Task A_user_without_any_role_reaches_their_own_decisions_and_nobody_elses()
    {
        var text = await AuthorizeAsync("bob", "iam.consents.self");
        var token = SuiteProcess.Bearer(text);

        var own = await Consents(0).ListApplicationsAsync(new() { RealmId = "demo", UserId = "bob" }, token);
        Assert.Equal(["demo-web"], own.Applications.Select(application => application.Client.ClientId));
        Assert.NotNull(own.Applications[0].LastUseTime);
        var refusal = await Assert.ThrowsAsync<RpcException>(
            async () => await Consents(0).ListConsentsAsync(new() { RealmId = "demo", UserId = "carol" }, token));
        Assert.Equal(StatusCode.PermissionDenied, refusal.StatusCode);

        var revoked = await Consents(1).RevokeConsentsAsync(new() { RealmId = "demo", UserId = "bob" }, token);

        Assert.Equal((1, 1), (revoked.RevokedCount, revoked.RevokedGrantCount));
        await AssertEndsAsync(0, text);
        await AssertEndsAsync(1, text);
        refusal = await Assert.ThrowsAsync<RpcException>(
            async () => await Consents(0).ListConsentsAsync(new() { RealmId = "demo", UserId = "bob" }, token));
        Assert.Equal(StatusCode.Unauthenticated, refusal.StatusCode);
    }

    /// <remarks>MEASURE_REVOCATIONS says how often; benchmarks/README.md has the results.</remarks>
    [StorageFact]
    public async Task How_long_a_revocation_takes_to_reach_the_other_replica_is_measured()
    {
        var times = int.Parse(Environment.GetEnvironmentVariable("MEASURE_REVOCATIONS") ?? "1", CultureInfo.InvariantCulture);
        List<double> call = [];
        List<double> other = [];
        for (var i = 0; i < times; i++)
        {
            var token = await AuthorizeAsync("carol", "invoices.read");
            Assert.True(await IsActiveAsync(1, token));
            var started = TimeProvider.System.GetTimestamp();
            await Consents(0).RevokeConsentsAsync(new() { RealmId = "demo", UserId = "carol", ClientId = "demo-web" }, Replicas.Operator);
            call.Add(TimeProvider.System.GetElapsedTime(started).TotalMilliseconds);
            while (await IsActiveAsync(1, token))
            {
                await Task.Delay(1);
            }

            other.Add(TimeProvider.System.GetElapsedTime(started).TotalMilliseconds);
        }

        output.WriteLine($"| RevokeConsents answers | {Figures(call)} |");
        output.WriteLine($"| the other token service refuses the token | {Figures(other)} |");
        Assert.Equal(times, other.Count);
    }

    private static string Figures(List<double> milliseconds)
    {
        var sorted = milliseconds.Order().ToList();
        double At(double part) => sorted[(int)Math.Ceiling(part * sorted.Count) - 1];
        return string.Create(CultureInfo.InvariantCulture, $"{sorted.Count} | {At(0.5):f0} | {At(0.99):f0} | {sorted[^1]:f0}");
    }

    private async Task AssertEndsAsync(int replica, string token)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (await IsActiveAsync(replica, token))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Bound, $"Replica {replica} still says that the token is active.");
            await Task.Delay(10);
        }
    }

    private ConsentService.ConsentServiceClient Consents(int replica) => new(_replicas.Consents[replica]);

    private async Task<bool> IsActiveAsync(int replica, string token)
    {
        GrpcChannel channel = _replicas.Tokens[replica];
        return (await new TokenService.TokenServiceClient(channel)
            .IntrospectTokenAsync(new() { RealmId = "demo", Token = token }, Replicas.Operator)).Active;
    }

    private DemoUser User(string userId) => new(userId, _replicas.Issuing, Consents(1), Replicas.Operator);

    private Task<string> AuthorizeAsync(string userId, string scope) => User(userId).AuthorizeAsync(scope);
}
