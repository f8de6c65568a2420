using Benchmarks.Load.Results;
using Benchmarks.Load.Scale;
using Benchmarks.Stage;

namespace Benchmarks.Load.Comparisons;

/// <summary>Everything that can be measured, by name and in order.</summary>
internal sealed class Catalogue(Scene scene)
{
    /// <summary>The name that stands for all but the controls.</summary>
    private const string All = "all";

    private static readonly string[] OnlyByName = ["control-rest", "control-grpc"];

    private readonly Settings _settings = scene.Settings;

    public IReadOnlyList<string> Names => [.. Every().Select(entry => entry.Name)];

    public IEnumerable<(string Name, Func<Task<Figure>> MeasureAsync)> Chosen()
    {
        if (_settings.Only.FirstOrDefault(name => name != All && !Names.Contains(name)) is { } unknown)
        {
            throw new ArgumentException($"--only: there is no {unknown}; there are {string.Join(", ", Names)}");
        }

        return Every().Where(entry => _settings.Only.Contains(entry.Name) || (_settings.Only.Contains(All) && !OnlyByName.Contains(entry.Name)));
    }

    private IEnumerable<(string Name, Func<Task<Figure>> MeasureAsync)> Every()
    {
        var (rest, calls, signed, audit) = (new RestComparisons(scene), new CallComparisons(scene), new SignedComparisons(scene), new AuditComparisons(scene));
        var local = new LocalFigures(scene);
        return
        [
            Compared("client_credentials", rest.ClientCredentialsAsync),
            Compared("introspect", calls.IntrospectAsync),
            Compared("introspect-rest", rest.IntrospectAsync),
            Compared("check", calls.CheckAsync),
            Compared("exchange", signed.ExchangeAsync),
            Compared("private_key_jwt", signed.PrivateKeyJwtAsync),
            Compared("dpop", signed.DpopAsync),
            Compared("audit", audit.AuditAsync),
            ("local", () => local.ChecksAsync(About("local", "Checks in the client's own process"))),
            ("freshness", () => local.FreshnessAsync(About("freshness", "How soon a watching client knows"))),
            ("scale", () => new ScaleFigure(_settings).MeasureAsync(About("scale", "Small and large"))),
            Compared("control-rest", rest.ControlAsync),
            Compared("control-grpc", calls.ControlAsync),
        ];
    }

    private (string Name, Func<Task<Figure>> MeasureAsync) Compared(string name, Func<string, Task<Comparison>> makeAsync) =>
        (name, () => MeasureAsync(name, makeAsync));

    private async Task<Figure> MeasureAsync(string name, Func<string, Task<Comparison>> makeAsync)
    {
        var comparison = await makeAsync(name);
        return FigureOf.Rounds(comparison, await comparison.RunAsync(_settings), About(name, comparison.Title));
    }

    /// <summary>What every figure says of itself.</summary>
    private Figure About(string name, string title) => new()
    {
        Name = name,
        Title = title,
        MeasuredAt = TimeProvider.System.GetUtcNow(),
        Commit = _settings.Commit,
        Conditions = $"{Machine.Description}, {scene.Cluster.DatabaseName}, {_settings.Rounds} rounds of {_settings.Measure.TotalSeconds} s",
        Command = _settings.Command,
    };
}
