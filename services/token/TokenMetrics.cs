using System.Diagnostics.Metrics;
using Pltfrms.Iam.Common.Telemetry;

namespace Pltfrms.Iam.Token;

/// <summary>The service's counters.</summary>
public sealed class TokenMetrics
{
    // Made once: a tag's value is boxed.
    private static readonly KeyValuePair<string, object?> Active = new("active", true);
    private static readonly KeyValuePair<string, object?> Inactive = new("active", false);
    private static readonly KeyValuePair<string, object?> Allowed = new("allowed", true);
    private static readonly KeyValuePair<string, object?> Denied = new("allowed", false);

    private readonly Counter<long> _issued;
    private readonly Counter<long> _introspected;
    private readonly Counter<long> _revoked;
    private readonly Counter<long> _decided;

    public TokenMetrics(ServiceTelemetry telemetry)
    {
        var meter = telemetry.Meter;
        _issued = meter.CreateCounter<long>("pltfrms.iam.tokens.issued", "{call}", "Access tokens issued.");
        _introspected = meter.CreateCounter<long>("pltfrms.iam.tokens.introspected", "{call}", "Introspections answered.");
        _revoked = meter.CreateCounter<long>("pltfrms.iam.tokens.revoked", "{call}", "Access tokens revoked.");
        _decided = meter.CreateCounter<long>("pltfrms.iam.permissions.decided", "{call}", "Permission checks answered.");
    }

    public void Issued(string grantType) => _issued.Add(1, new KeyValuePair<string, object?>("grant_type", grantType));

    public void Introspected(bool active) => _introspected.Add(1, active ? Active : Inactive);

    public void Revoked() => _revoked.Add(1);

    public void Decided(bool allowed) => _decided.Add(1, allowed ? Allowed : Denied);
}
