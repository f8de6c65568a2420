using System.Threading.RateLimiting;

namespace Pltfrms.Iam.Token.Audit;

/// <summary>
/// How many refusals of clients that did not prove who they are get written down. Whoever knows a client's name can cause them:
/// a few a second tell that somebody tries, and a flood must not fill the database.
/// </summary>
public sealed class RefusalBudget : IDisposable
{
    private const int PerSecond = 10;

    private readonly PartitionedRateLimiter<(string RealmId, string ClientId)> _clients =
        PartitionedRateLimiter.Create<(string RealmId, string ClientId), (string, string)>(client => RateLimitPartition.GetTokenBucketLimiter(
            client,
            _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = PerSecond * 10,
                TokensPerPeriod = PerSecond,
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            }));

    public bool Allows(string realmId, string clientId)
    {
        using var lease = _clients.AttemptAcquire((realmId, clientId));
        return lease.IsAcquired;
    }

    public void Dispose() => _clients.Dispose();
}
