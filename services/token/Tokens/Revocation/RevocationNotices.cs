using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Token.Tokens.Revocation;

/// <summary>Tells other replicas of which realm this one revoked something, and has read at once what they tell.</summary>
public sealed class RevocationNotices(ReplicaNotices notices, Revocations revocations) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => notices.RunAsync(
        new()
        {
            Name = "pltfrms_iam_revocation",
            Told = revocations.Told,
            Heard = revocations.Hurry,

            // What was revoked while nobody listened.
            Listening = revocations.RefreshAsync,
        },
        stoppingToken);
}
