using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Grpc.Health.V1;
using Grpc.Wellknown;
using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.Consent;
using Pltfrms.Iam.RealmAdmin;
using Pltfrms.Iam.Token;

namespace Pltfrms.Iam.Suite;

/// <summary>The suite's life: start the services, load the realm, say where everything is, wait for Ctrl-C.</summary>
internal static class RunningSuite
{
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(15);

    /// <exception cref="StartupException">With one line that says what keeps it from starting.</exception>
    public static async Task RunAsync(SuiteOptions options)
    {
        CheckPorts(options.Ports);
        var realmFile = await RealmFile.LoadAsync(options.RealmFile);
        using var data = DataFolder.Open(options.DataFolder, options.Fresh);
        var settings = new SuiteSettings(options.Ports, data, new ServiceKeyPairs());
        await using var realmAdmin = RealmAdminHost.Build([], settings.RealmAdmin());
        await using var token = TokenHost.Build([], settings.Token());
        await using var consent = ConsentHost.Build([], settings.Consent());
        WebApplication[] services = [realmAdmin, token, consent];
        try
        {
            await Task.WhenAll(services.Select(s => Task.Run(() => ServiceHost.StartAsync(s))));
            await Task.WhenAll(services.Select(WaitUntilReadyAsync));
            await RealmImport.RunAsync(realmFile, ServiceHost.GrpcAddress(realmAdmin), data.OperatorKey);
            await Console.Out.WriteLineAsync(Welcome.Text(options, realmFile.RealmId, SinceProcessStart()));
            await Task.WhenAll(services.Select(s => s.WaitForShutdownAsync()));
        }
        finally
        {
            await Task.WhenAll(services.Select(s => s.StopAsync()));
        }
    }

    // Before anything is written: a port that is taken must not leave a half-made data folder behind.
    private static void CheckPorts(SuitePorts ports)
    {
        var seen = new Dictionary<int, string>();
        foreach (var (option, port) in ports.All())
        {
            if (!seen.TryAdd(port, option))
            {
                throw new StartupException($"{option}: port {port} is that of {seen[port]} already.");
            }

            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
            }
            catch (SocketException exception)
            {
                var why = exception.SocketErrorCode == SocketError.AddressAlreadyInUse
                    ? "is in use by another program" : $"cannot be opened ({exception.SocketErrorCode})";
                throw new StartupException($"{option}: port {port} of 127.0.0.1 {why}; choose another with {option}.", exception);
            }
        }
    }

    private static async Task WaitUntilReadyAsync(WebApplication service)
    {
        var health = service.Services.GetRequiredService<HealthState>();
        using var timeout = new CancellationTokenSource(ReadyWithin);
        try
        {
            await foreach (var status in health.WatchAsync("", timeout.Token))
            {
                if (status == HealthCheckResponse.Types.ServingStatus.Serving)
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException exception)
        {
            var name = service.Services.GetRequiredService<ServiceIdentity>().Name;
            throw new StartupException($"{name} did not become ready within {ReadyWithin.TotalSeconds} s.", exception);
        }
    }

    private static TimeSpan SinceProcessStart()
    {
        using var process = Process.GetCurrentProcess();
        return TimeProvider.System.GetUtcNow() - process.StartTime.ToUniversalTime();
    }
}
