using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Pltfrms.Iam.Client;

/// <summary>
/// Activities and measurements of this library, under the name <see cref="Name"/>: subscribe to it with OpenTelemetry's
/// <c>AddSource</c> and <c>AddMeter</c>. The README lists them.
/// </summary>
public sealed class IamTelemetry : IDisposable
{
    /// <summary>The name of the activity source and of the meter.</summary>
    public const string Name = "Pltfrms.Iam.Client";

    private static readonly ActivitySource Source = new(Name);

    private readonly Meter _meter = new(Name);
    private readonly TimeProvider _clock;
    private readonly Histogram<double> _calls;
    private readonly Counter<long> _decisions;
    private readonly Counter<long> _cache;
    private readonly Counter<long> _fallbacks;

    internal IamTelemetry(TimeProvider clock)
    {
        _clock = clock;
        _calls = _meter.CreateHistogram<double>("pltfrms.iam.client.call.duration", "s", "Calls to the token service, by operation and outcome.");
        _decisions = _meter.CreateCounter<long>("pltfrms.iam.client.decisions", "{decision}", "Permission decisions, by mode, allowed and reason.");
        _cache = _meter.CreateCounter<long>("pltfrms.iam.client.cache.lookups", "{lookup}", "Look-ups in the cached mode, by hit.");
        _fallbacks = _meter.CreateCounter<long>("pltfrms.iam.client.local.fallbacks", "{call}", "Questions of the local mode that were asked remotely, by reason.");
    }

    /// <summary>Ends the meter.</summary>
    public void Dispose() => _meter.Dispose();

    internal MeasuredCall Begin(string operation) =>
        new(this, operation, Source.StartActivity($"iam.{operation}", ActivityKind.Client), _clock.GetTimestamp());

    internal void CountDecision(PermissionDecision decision, IamMode mode)
    {
        // Not even the boxes of the tags are made where nobody listens.
        if (_decisions.Enabled)
        {
            _decisions.Add(
                1,
                new("mode", mode.ToString()),
                new("allowed", decision.Allowed),
                new KeyValuePair<string, object?>("reason", decision.Reason.ToString()));
        }
    }

    internal void CountCache(bool hit) => _cache.Add(1, new KeyValuePair<string, object?>("hit", hit));

    internal void CountFallback(string reason) => _fallbacks.Add(1, new KeyValuePair<string, object?>("reason", reason));

    /// <summary>How old what a stream brought may be, told whenever it is measured.</summary>
    internal void ObserveAge(string stream, Func<double?> age) => _meter.CreateObservableGauge(
        "pltfrms.iam.client.feed.age",
        () => age() is { } seconds ? [new Measurement<double>(seconds, new KeyValuePair<string, object?>("feed", stream))] : Array.Empty<Measurement<double>>(),
        "s",
        "How old what a stream brought may be.");

    /// <summary>A call that is under way; measured when it is disposed of.</summary>
    internal sealed class MeasuredCall(IamTelemetry telemetry, string operation, Activity? activity, long begun) : IDisposable
    {
        private const string Cancelled = "CANCELLED";

        private string _outcome = "ok";

        /// <summary>Whatever ends a call but an answer is an outcome of its own.</summary>
        public void Failed(Exception fault)
        {
            _outcome = fault switch
            {
                IamClientException refused => refused.ReasonName,
                OperationCanceledException => Cancelled,
                _ => RpcFault.NameOf(IamErrorReason.Internal),
            };
            activity?.SetStatus(ActivityStatusCode.Error, _outcome);
        }

        public void Dispose()
        {
            activity?.SetTag("iam.outcome", _outcome);
            activity?.Dispose();
            telemetry._calls.Record(
                telemetry._clock.GetElapsedTime(begun).TotalSeconds,
                new("operation", operation),
                new KeyValuePair<string, object?>("outcome", _outcome));
        }
    }
}
