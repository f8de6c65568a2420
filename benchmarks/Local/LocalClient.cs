using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Pltfrms.Iam.Client;

namespace Benchmarks.Local;

/// <summary>The client library as a service has it, in its local mode, and how often it asked after all.</summary>
internal sealed class LocalClient : IAsyncDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ServiceProvider _services;
    private long _fallbacks;

    public LocalClient()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == IamTelemetry.Name && instrument.Name == "pltfrms.iam.client.local.fallbacks")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, measurement, _, _) => Interlocked.Add(ref _fallbacks, measurement));
        _listener.Start();
        _services = new ServiceCollection().AddPltfrmsIam(options =>
        {
            options.Address = Settings.TokenGrpc;
            options.RealmId = Settings.RealmId;
            options.ClientId = LocalRealm.ApiId;
            options.ClientSecret = LocalRealm.Secret;
            options.Mode = IamMode.Local;
            options.Issuer = LocalRealm.Issuer;
        }).BuildServiceProvider();
        Iam = _services.GetRequiredService<IamClient>();
    }

    public IamClient Iam { get; }

    /// <summary>Questions that were not decided in this process.</summary>
    public long Fallbacks => Interlocked.Read(ref _fallbacks);

    /// <summary>Waits until the streams are here: until a question is decided without asking.</summary>
    public async Task ReadyAsync(string token)
    {
        for (var i = 0; i < 1200; i++)
        {
            var before = Fallbacks;
            var decision = await Iam.CheckPermissionAsync(token, LocalRealm.Permission, null, CancellationToken.None);
            if (decision.Allowed && Fallbacks == before)
            {
                return;
            }

            await Task.Delay(50);
        }

        throw new InvalidOperationException("After a minute the client library does not decide in this process.");
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _listener.Dispose();
    }
}
