using System.Diagnostics.Metrics;
using Pltfrms.Iam.Common.Telemetry;

namespace Pltfrms.Iam.Token.Audit;

/// <summary>What becomes of token events.</summary>
public sealed class TokenEventMetrics
{
    private readonly Counter<long> _written;
    private readonly Counter<long> _commits;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _unrecorded;
    private long _lost;

    public TokenEventMetrics(ServiceTelemetry telemetry)
    {
        var meter = telemetry.Meter;
        _written = meter.CreateCounter<long>("pltfrms.iam.token_events.written", "{event}", "Token events that are in the database.");
        _commits = meter.CreateCounter<long>("pltfrms.iam.token_events.commits", "{commit}", "Transactions that wrote them.");
        _dropped = meter.CreateCounter<long>("pltfrms.iam.token_events.dropped", "{event}", "Token events of realms without a durable audit that were lost.");
        _unrecorded = meter.CreateCounter<long>(
            "pltfrms.iam.token_events.unrecorded", "{event}", "Refusals of clients that did not prove who they are, beyond those that are written down.");
    }

    /// <summary>How many were dropped since this was last asked.</summary>
    internal long TakeLost() => Interlocked.Exchange(ref _lost, 0);

    internal void Written(int events)
    {
        _written.Add(events);
        _commits.Add(1);
    }

    internal void Dropped(int events)
    {
        _dropped.Add(events);
        Interlocked.Add(ref _lost, events);
    }

    internal void Unrecorded() => _unrecorded.Add(1);
}
