using System.Diagnostics.Metrics;

namespace Pltfrms.Iam.Token;

/// <summary>The service's counters.</summary>
public sealed class TokenMetrics
{
    public const string MeterName = "Pltfrms.Iam.Token";

    private readonly Counter<long> _issued;
    private readonly Counter<long> _introspected;
    private readonly Counter<long> _revoked;
    private readonly Counter<long> _decided;

    public TokenMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _issued = meter.CreateCounter<long>("iam.tokens.issued", description: "Access tokens issued.");
        _introspected = meter.CreateCounter<long>("iam.tokens.introspected", description: "Introspections answered.");
        _revoked = meter.CreateCounter<long>("iam.tokens.revoked", description: "Access tokens revoked.");
        _decided = meter.CreateCounter<long>("iam.permissions.decided", description: "Permission checks answered.");
    }

    public void Issued(string grantType) => _issued.Add(1, new KeyValuePair<string, object?>("grant_type", grantType));

    public void Introspected(bool active) => _introspected.Add(1, new KeyValuePair<string, object?>("active", active));

    public void Revoked() => _revoked.Add(1);

    public void Decided(bool allowed) => _decided.Add(1, new KeyValuePair<string, object?>("allowed", allowed));
}
