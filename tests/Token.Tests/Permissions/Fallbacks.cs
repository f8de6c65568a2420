using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Pltfrms.Iam.Client;

namespace Token.Tests.Permissions;

/// <summary>The questions that the client library's local mode asked remotely, by reason.</summary>
internal sealed class Fallbacks : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, int> _byReason = new(StringComparer.Ordinal);

    public Fallbacks()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == IamTelemetry.Name && instrument.Name == "pltfrms.iam.client.local.fallbacks")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
            _byReason.AddOrUpdate(tags.ToArray().Single(tag => tag.Key == "reason").Value!.ToString()!, 1, static (_, count) => count + 1));
        _listener.Start();
    }

    public int Count => _byReason.Values.Sum();

    public override string ToString() => string.Join(", ", _byReason.Select(reason => $"{reason.Key}: {reason.Value}"));

    public void Dispose() => _listener.Dispose();
}
