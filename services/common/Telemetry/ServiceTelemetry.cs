using System.Diagnostics.Metrics;
using Pltfrms.Iam.Common.Hosting;

namespace Pltfrms.Iam.Common.Telemetry;

/// <summary>
/// The service's own measurements, under the names <c>Pltfrms.Iam.realm-admin</c>, <c>Pltfrms.Iam.token</c> and
/// <c>Pltfrms.Iam.consent</c>. Any OpenTelemetry collector that is told these names hears them, besides those of ASP.NET Core.
/// </summary>
public sealed class ServiceTelemetry : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _refusals;

    public ServiceTelemetry(ServiceIdentity service, IMeterFactory meters)
    {
        var name = $"Pltfrms.Iam.{service.Name}";
        _meter = meters.Create(name);
        _refusals = _meter.CreateCounter<long>("pltfrms.iam.refusals", "{call}", "Calls answered with an error, by method and reason.");
    }

    public Meter Meter => _meter;

    /// <summary>Counts a call that was answered with an error.</summary>
    public void CountRefusal(string method, string reason) =>
        _refusals.Add(1, new KeyValuePair<string, object?>("method", method), new KeyValuePair<string, object?>("reason", reason));

    public void Dispose() => _meter.Dispose();
}
