using Pltfrms.Iam.Common.Errors;

namespace Pltfrms.Iam.Token.Tokens.Revocation;

/// <summary>Reads realms of which something was just revoked, so that those who watch them need not wait for the next poll.</summary>
public sealed class HurriedRevocations(Revocations revocations, TokenOptions options, ILogger<HurriedRevocations> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var realmIds = new HashSet<string>(StringComparer.Ordinal);
        while (await revocations.Hurried.WaitToReadAsync(stoppingToken))
        {
            realmIds.Clear();
            while (revocations.Hurried.TryRead(out var realmId))
            {
                realmIds.Add(realmId);
            }

            await RefreshAsync(realmIds, stoppingToken);
        }
    }

    private async Task RefreshAsync(HashSet<string> realmIds, CancellationToken stoppingToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        deadline.CancelAfter(options.RevocationStaleAfter);
        try
        {
            await revocations.RefreshAsync(realmIds, deadline.Token);
        }
        catch (Exception exception) when (exception is IamException or OperationCanceledException && !stoppingToken.IsCancellationRequested)
        {
            // The poll says so, and reads them when it can.
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            log.FeedFailed(exception);
        }
    }
}
