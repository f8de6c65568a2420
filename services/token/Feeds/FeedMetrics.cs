using System.Diagnostics.Metrics;
using Pltfrms.Iam.Common.Telemetry;

namespace Pltfrms.Iam.Token.Feeds;

/// <summary>What watchers do.</summary>
public sealed class FeedMetrics
{
    private readonly UpDownCounter<long> _watchers;
    private readonly Counter<long> _letGo;

    public FeedMetrics(ServiceTelemetry telemetry)
    {
        _watchers = telemetry.Meter.CreateUpDownCounter<long>("pltfrms.iam.feeds.watchers", "{stream}", "Streams that clients watch.");
        _letGo = telemetry.Meter.CreateCounter<long>("pltfrms.iam.feeds.let_go", "{stream}", "Streams whose watchers did not take their events in time.");
    }

    public void Came() => _watchers.Add(1);

    public void Left() => _watchers.Add(-1);

    public void LetGo() => _letGo.Add(1);
}
