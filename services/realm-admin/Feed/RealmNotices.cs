using System.Globalization;
using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.RealmAdmin.Feed;

/// <summary>Tells other replicas of each write that is durable, and hears of theirs.</summary>
public sealed class RealmNotices(ReplicaNotices notices, WatchedRealms watched, RealmPoller poller) : BackgroundService
{
    internal static string Of(string realmId, long revision) => string.Create(CultureInfo.InvariantCulture, $"{revision} {realmId}");

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        // Listening: what was written while nobody here listened.
        notices.RunAsync(new() { Name = "pltfrms_iam_realm", Told = watched.Told, Heard = Hear, Listening = poller.PollAsync }, stoppingToken);

    private void Hear(string notice)
    {
        if (notice.Split(' ', 2) is [var text, var realmId] && long.TryParse(text, CultureInfo.InvariantCulture, out var revision))
        {
            watched.CommittedAnywhere(realmId, revision);
        }
    }
}
