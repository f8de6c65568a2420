using Microsoft.Extensions.Options;

namespace Pltfrms.Iam.Token.Feeds;

/// <summary>Tells all watchers, several times in the time after which they would not believe what they have, that they have everything.</summary>
public sealed class FeedBeats(RealmViews views, RevocationStreams revocations, IOptions<FeedOptions> options, TimeProvider clock, ILogger<FeedBeats> log)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.HeartbeatInterval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                views.Beat();
                revocations.Beat();
            }
            catch (Exception exception)
            {
                // Watchers that hear nothing stop trusting what they have, and a fault of ours must not leave them so for ever.
                log.BeatFailed(exception);
            }
        }
    }
}
