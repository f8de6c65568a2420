using System.Globalization;
using Pltfrms.Iam.Common.Decisions;
using Testing;
using Testing.Decisions;
using Token.Tests.Hosting;

namespace Token.Tests.Permissions;

/// <summary>
/// Verified tokens that are remembered, snapshots compiled from deltas, what is compiled for principals, batches and lists, and what clients keep and
/// decide themselves: all of it against a definition that has none of it. <c>DECISION_HISTORIES=1000 DECISION_SEED=7</c> tries that many, from that seed on.
/// </summary>
public sealed class DecisionsDifferentialTests : IAsyncLifetime
{
    private const int Events = 40;
    private const int QuestionsAfterEach = 25;
    private const int ClientHistories = 4;
    private const int QuestionsForClients = 8;

    private readonly SqliteTokenDatabase _database = new();
    private readonly TwoClocks _clock = new(ahead: TimeSpan.Zero);
    private readonly HistoryFeed _feed = new();
    private TokenReplica _service = null!;

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        // What is known counts as current however slow the machine is: what is late is for other tests.
        var settings = new Dictionary<string, string?>(_database.Settings)
        {
            ["RealmFeed:StaleAfter"] = "01:00:00",
            ["Token:RevocationStaleAfter"] = "01:00:00",
            ["Feeds:HeartbeatInterval"] = "00:00:00.05",
        };
        _service = await TokenReplica.StartAsync(settings, _feed, _clock);
    }

    public async Task DisposeAsync()
    {
        await _service.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Every_answer_of_the_service_is_that_of_the_definition()
    {
        var reasons = new Dictionary<DecisionReason, int>();
        var count = Setting("DECISION_HISTORIES", 12);
        foreach (var history in Histories(count))
        {
            var answers = new ServiceAnswers(history, _service.Services, reason => reasons[reason] = reasons.GetValueOrDefault(reason) + 1);
            await history.RunAsync(Events, () => answers.AskAsync(QuestionsAfterEach));
        }

        // A generator that reaches an answer hardly ever tries nothing about it.
        Assert.All(
            Enum.GetValues<DecisionReason>().Except([DecisionReason.Unspecified]),
            reason => Assert.True(reasons.GetValueOrDefault(reason) >= 2 * count, $"{reason}: {reasons.GetValueOrDefault(reason)} times in {reasons.Values.Sum()}"));
    }

    [Fact]
    public async Task Every_answer_of_the_client_library_is_that_of_the_definition()
    {
        using var fallbacks = new Fallbacks();
        var asked = 0;
        foreach (var history in Histories(Setting("DECISION_HISTORIES", ClientHistories)))
        {
            await using var answers = new ClientAnswers(history, _service, _clock, fallbacks);
            await history.RunAsync(Events, () => answers.AskAsync(QuestionsForClients));
            asked += answers.Asked;
        }

        // Whoever asks for everything decides nothing.
        Assert.True(3 * fallbacks.Count < 2 * asked, $"of {asked} questions were asked remotely: {fallbacks}");
    }

    private IEnumerable<DecisionHistory> Histories(int count) => Enumerable
        .Range(Setting("DECISION_SEED", 1), count)
        .Select(seed => new DecisionHistory(seed, _service.Services, _feed, _clock, _clock.Pass));

    private static int Setting(string name, int usual) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : usual;
}
