using Microsoft.Extensions.Options;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Token.Feeds;

/// <summary>How many may watch at this replica, and how many of them for one caller.</summary>
public sealed class WatcherPlaces(IOptions<FeedOptions> options, FeedMetrics metrics, ILogger<WatcherPlaces> log)
{
    private readonly FeedOptions _options = options.Value;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _callers = new(StringComparer.Ordinal);
    private int _all;

    /// <summary>Takes a place until it is disposed of.</summary>
    /// <exception cref="IamException">TOO_MANY_REQUESTS.</exception>
    internal IDisposable Take(Caller caller)
    {
        // Words with spaces: no id has one, so no caller is taken for another.
        var name = $"{caller.Kind} {caller.RealmId} {caller.ClientId ?? caller.Id}";
        lock (_lock)
        {
            var own = _callers.GetValueOrDefault(name);
            if (own < _options.MaxWatchersPerCaller && _all < _options.MaxWatchers)
            {
                _callers[name] = own + 1;
                _all++;
                metrics.Came();
                return new Place(this, name);
            }

            log.TooManyWatchers(name, own);
        }

        throw new IamException(ErrorReason.TooManyRequests, "As many watch as may.")
        {
            Metadata = new Dictionary<string, string> { ["retry_after"] = "5" },
        };
    }

    private void Leave(string name)
    {
        lock (_lock)
        {
            _all--;
            metrics.Left();
            if (--_callers[name] == 0)
            {
                _callers.Remove(name);
            }
        }
    }

    private sealed class Place(WatcherPlaces owner, string name) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                owner.Leave(name);
            }
        }
    }
}
