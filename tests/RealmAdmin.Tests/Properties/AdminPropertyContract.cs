using System.Globalization;
using RealmAdmin.Tests.Audit;
using RealmAdmin.Tests.Hosting;
using RealmAdmin.Tests.Storage;
using Testing.Databases;
using Xunit.Abstractions;

namespace RealmAdmin.Tests.Properties;

/// <summary>
/// Whatever administrators do, in whatever order: the realm, its lists, who may do what, what a preview or plan foretells, and every refusal are
/// what a naive model says, revisions have no gaps, and the audit chain verifies.
/// </summary>
public abstract class AdminPropertyContract(TestDatabase fixture, ITestOutputHelper output) : IAsyncLifetime
{
    private const int Attempts = 40;

    private TokenServiceStandIn _tokens = null!;
    private RealmAdminServer _server = null!;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 6)];

    public async Task InitializeAsync()
    {
        _tokens = await TokenServiceStandIn.StartAsync();
        var settings = new Dictionary<string, string?>(fixture.Settings) { ["Peers:Token:Address"] = _tokens.Address };
        if (settings.TryGetValue("Database:ConnectionString", out var connection))
        {
            // The same few statements thousands of times: most of the time went into planning them again.
            settings["Database:ConnectionString"] = $"{connection};Max Auto Prepare=200;Auto Prepare Min Usages=2";
        }

        _server = await RealmAdminServer.StartAsync(settings);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _tokens.DisposeAsync();
    }

    [StorageTheory]
    [MemberData(nameof(Seeds))]
    public async Task Random_administration_does_what_a_naive_model_says(int seed)
    {
        var steps = new RandomSteps(seed).Take(50);
        var scenario = new AdminScenario(_server, fixture);
        try
        {
            await scenario.RunAsync(steps);
        }
        catch (Exception failure)
        {
            var shortest = await ShortestAsync([.. steps.Take(scenario.Done + 1)]);
            Assert.Fail(string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {failure.Message}\n\n{shortest}"));
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {scenario.Refused} of {steps.Count} steps refused, {scenario.Foretold} changes of access foretold"));
        Assert.InRange(scenario.Refused, 1, steps.Count * 2 / 3);
        Assert.InRange(scenario.Foretold, 20, int.MaxValue);
    }

    /// <summary>The same failure, or another, of fewer steps: leaves out what can be left out, from the end.</summary>
    private async Task<string> ShortestAsync(IReadOnlyList<Step> steps)
    {
        var message = "";
        var attempts = 0;
        for (var i = steps.Count - 1; i >= 0 && attempts < Attempts; i--)
        {
            List<Step> fewer = [.. steps];
            fewer.RemoveAt(i);
            attempts++;
            try
            {
                await new AdminScenario(_server, fixture).RunAsync(fewer);
            }
            catch (Exception failure)
            {
                (steps, message) = (fewer, failure.Message);
            }
        }

        return $"shortest found:\n{string.Join('\n', steps)}\n{message}";
    }
}

public sealed class SqliteAdminPropertyTests(SqliteRealmAdminDatabase fixture, ITestOutputHelper output)
    : AdminPropertyContract(fixture, output), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresAdminPropertyTests(PostgresRealmAdminDatabase fixture, ITestOutputHelper output)
    : AdminPropertyContract(fixture, output), IClassFixture<PostgresRealmAdminDatabase>;
