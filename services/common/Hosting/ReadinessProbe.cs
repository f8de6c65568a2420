using Grpc.Health.V1;
using Grpc.Wellknown;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Pltfrms.Iam.Common.Hosting;

/// <summary>
/// Keeps <c>grpc.health.v1</c> true: the empty name and the names of the services are readiness, SERVING where every check passes;
/// the name <c>liveness</c> is SERVING as long as the process answers at all.
/// </summary>
internal sealed class ReadinessProbe(
    HealthState health,
    DescriptorIndex contracts,
    IEnumerable<ReadinessCheck> checks,
    IHostApplicationLifetime lifetime,
    TimeProvider clock,
    ILogger<ReadinessProbe> logger)
{
    public const string Liveness = "liveness";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan IntervalWhileNotReady = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(2);

    private string? _failing;
    private bool _wasReady;

    /// <summary>Runs until the service stops. Only a started service knows the names of its contracts, so it is no hosted service.</summary>
    public void Start()
    {
        health.Set(Liveness, HealthCheckResponse.Types.ServingStatus.Serving);
        Publish(HealthCheckResponse.Types.ServingStatus.NotServing);
        _ = RunAsync(lifetime.ApplicationStopping);
    }

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var ready = await ProbeAsync(stoppingToken);
            if (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            Publish(ready ? HealthCheckResponse.Types.ServingStatus.Serving : HealthCheckResponse.Types.ServingStatus.NotServing);
            await Task.Delay(ready ? Interval : IntervalWhileNotReady, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> ProbeAsync(CancellationToken stoppingToken)
    {
        foreach (var check in checks)
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            timeout.CancelAfter(ProbeTimeout);
            try
            {
                await check.ProbeAsync(timeout.Token);
            }
            catch (Exception exception)
            {
                NoteFailure(check.Name, exception, stoppingToken.IsCancellationRequested);
                return false;
            }
        }

        if (!_wasReady || _failing is not null)
        {
            logger.Ready();
        }

        (_wasReady, _failing) = (true, null);
        return true;
    }

    // While it starts, a service waits for its peers: that is no news.
    private void NoteFailure(string check, Exception exception, bool stopping)
    {
        if (_wasReady && !stopping && _failing != check)
        {
            logger.NotReady(check, exception.Message);
        }

        _failing = check;
    }

    private void Publish(HealthCheckResponse.Types.ServingStatus status)
    {
        health.Set("", status);
        foreach (var service in contracts.ServiceNames)
        {
            health.Set(service, status);
        }
    }
}
