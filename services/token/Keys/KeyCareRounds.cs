namespace Pltfrms.Iam.Token.Keys;

/// <summary>Encrypts and erases (<see cref="EncryptKeysAnew"/>, <see cref="EraseEndedKeys"/>) at the start and every minute, on every replica: what one has done the others do not find.</summary>
public sealed class KeyCareRounds(EncryptKeysAnew encrypt, EraseEndedKeys erase, KeyEncryption encryption, TimeProvider clock, ILogger<KeyCareRounds> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            do
            {
                await CareAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }

    private async Task CareAsync(CancellationToken stoppingToken)
    {
        try
        {
            if (await encrypt.ExecuteAsync(stoppingToken) is > 0 and var count)
            {
                log.KeysEncrypted(count, encryption.CurrentId);
            }

            await erase.ExecuteAsync(stoppingToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            log.CareFailed(exception);
        }
    }
}
