using System.Globalization;
using System.Threading.RateLimiting;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Token.OAuth;

/// <summary>How often one source may do what costs others something: start logins and devices, refresh, register clients, guess at user codes.</summary>
public sealed class RateLimits : IDisposable
{
    /// <summary>Key of a refusal's metadata: in how many seconds to come again.</summary>
    public const string RetryAfter = "retry_after";

    private readonly PartitionedRateLimiter<string> _addresses;
    private readonly PartitionedRateLimiter<string> _clients;
    private readonly PartitionedRateLimiter<string> _userCodes;
    private readonly PartitionedRateLimiter<string> _registrations;

    public RateLimits(TokenOptions options)
    {
        _addresses = Buckets(options.RequestsPerAddressPerSecond);
        _clients = Buckets(options.RequestsPerClientPerSecond);
        _userCodes = Windows(options.UserCodesPerAddressPerMinute);
        _registrations = Windows(options.RegistrationsPerAddressPerMinute);
    }

    /// <exception cref="IamException">TOO_MANY_REQUESTS.</exception>
    public void RequireAddress(HttpContext context) => Require(_addresses, AddressOf(context));

    /// <summary>RFC 8628 section 5.1: user codes are short, and must not be found by trying.</summary>
    /// <exception cref="IamException">TOO_MANY_REQUESTS.</exception>
    public void RequireUserCode(HttpContext context) => Require(_userCodes, AddressOf(context));

    /// <summary>RFC 7591 section 5: whoever can register clients without end fills the server with them.</summary>
    /// <exception cref="IamException">TOO_MANY_REQUESTS.</exception>
    public void RequireRegistration(HttpContext context) => Require(_registrations, AddressOf(context));

    /// <exception cref="IamException">TOO_MANY_REQUESTS.</exception>
    public void RequireClient(string realmId, string clientId) => Require(_clients, $"{realmId} {clientId}");

    public void Dispose()
    {
        _addresses.Dispose();
        _clients.Dispose();
        _userCodes.Dispose();
        _registrations.Dispose();
    }

    /// <summary>Ten seconds' worth may come at once.</summary>
    private static PartitionedRateLimiter<string> Buckets(int perSecond) => PartitionedRateLimiter.Create<string, string>(
        key => RateLimitPartition.GetTokenBucketLimiter(key, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = perSecond * 10,
            TokensPerPeriod = perSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        }));

    private static PartitionedRateLimiter<string> Windows(int perMinute) => PartitionedRateLimiter.Create<string, string>(
        key => RateLimitPartition.GetFixedWindowLimiter(
            key, _ => new FixedWindowRateLimiterOptions { PermitLimit = perMinute, Window = TimeSpan.FromMinutes(1) }));

    private static void Require(PartitionedRateLimiter<string> limiter, string key)
    {
        using var lease = limiter.AttemptAcquire(key);
        if (!lease.IsAcquired)
        {
            var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? Math.Max(1, (int)Math.Ceiling(after.TotalSeconds)) : 1;
            throw new IamException(ErrorReason.TooManyRequests, "There are too many requests.")
            {
                Metadata = new Dictionary<string, string> { [RetryAfter] = wait.ToString(CultureInfo.InvariantCulture) },
            };
        }
    }

    private static string AddressOf(HttpContext context) => SourceAddress.Of(context)?.ToString() ?? "";
}
