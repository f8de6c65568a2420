using System.Reflection;
using System.Runtime.CompilerServices;
using Grpc.Health.V1;
using Grpc.Wellknown;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Http;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Common.Telemetry;

namespace Pltfrms.Iam.Common.Hosting;

/// <summary>What the hosts of the three services have in common: configuration, listeners, database, callers, health, start and stop.</summary>
public static class ServiceHost
{
    // Requests of the internal API are small; the one that takes documents allows more itself.
    internal const int MaxReceiveMessageSize = 1024 * 1024;

    /// <summary>
    /// A builder with everything but the service's own parts. Settings come from <c>appsettings.{serviceName}.json</c> beside the program,
    /// environment variables, the command line and <paramref name="settings"/>, the later winning.
    /// </summary>
    /// <param name="serviceName">One of <see cref="ServiceNames"/>.</param>
    /// <param name="args">The command line: <c>--Listen:Grpc=…</c>.</param>
    /// <param name="settings">What the suite and tests set.</param>
    /// <remarks>
    /// Nothing is checked before <see cref="StartAsync"/>, which says what is wrong in one line.
    /// Migrations are those of the assembly that calls this method.
    /// </remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static WebApplicationBuilder CreateBuilder(
        string serviceName, string[] args, IReadOnlyDictionary<string, string?> settings)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ApplicationName = Assembly.GetCallingAssembly().GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Configuration.Sources.Clear();
        builder.Configuration
            .AddJsonFile($"appsettings.{serviceName}.json", optional: true, reloadOnChange: false)
            .AddEnvironmentVariables()
            .AddCommandLine(args)
            .AddInMemoryCollection(settings);

        builder.Services.AddSingleton(new ServiceIdentity(serviceName));
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(3));
        AddLogging(builder);
        AddListeners(builder);
        AddDatabase(builder);
        AddGrpc(builder);
        builder.AddCallers();
        builder.Services.AddSingleton<ServiceTelemetry>();
        builder.Services.AddSingleton<RouteGuard>();
        return builder;
    }

    /// <summary>Maps health and reflection, and keeps REST and gRPC to their own listeners. Call it before anything else is mapped.</summary>
    public static void MapWellknown(WebApplication app)
    {
        // Made once, with its settings: to ask for them per request would make a scope of services for each.
        app.Use(next => new DirectRoutes(app, app.Services.GetRequiredService<IOptions<ListenSettings>>(), next).InvokeAsync);
        app.UseRouting();
        app.Use(next => new SurfaceGate(next).InvokeAsync);
        app.MapGrpcWellknown();
    }

    /// <summary>Checks the settings, brings the database to the current schema, and starts to listen.</summary>
    /// <exception cref="StartupException">With one line for whoever started the service.</exception>
    public static async Task StartAsync(WebApplication app)
    {
        Validate(app);
        var migrations = Assembly.Load(app.Environment.ApplicationName);
        await app.Services.GetRequiredService<DatabaseStart>().RunAsync(migrations, CancellationToken.None);
        foreach (var check in app.Services.GetServices<StartCheck>())
        {
            await check.RunAsync(CancellationToken.None);
        }

        var health = app.Services.GetRequiredService<HealthState>();
        health.Set("", HealthCheckResponse.Types.ServingStatus.NotServing);
        await app.StartAsync();
        app.Services.GetRequiredService<ReadinessProbe>().Start();

        var listeners = app.Services.GetRequiredService<Listeners>();
        var addresses = app.Services.GetRequiredService<IOptions<ListenSettings>>().Value.Listeners()
            .Select(l => listeners.AddressOf(l.Surface));
        app.Services.GetRequiredService<ILogger<ServiceIdentity>>()
            .Started(app.Services.GetRequiredService<ServiceIdentity>().Name, string.Join(" and ", addresses));
    }

    /// <summary>A service's whole life. Returns the process's exit code: 1, with one line on stderr, where it cannot start.</summary>
    public static async Task<int> RunAsync(Func<WebApplication> build)
    {
        try
        {
            await using var app = build();
            await StartAsync(app);
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (Exception exception) when (exception is StartupException or InvalidDataException or OptionsValidationException)
        {
            // InvalidDataException: an appsettings file that is not JSON; its message names the file.
            // OptionsValidationException: a part that is made while the host is built read a setting before all are checked.
            await Console.Error.WriteLineAsync(exception.Message.ReplaceLineEndings(" "));
            return 1;
        }
    }

    public static Task<int> RunAsync(WebApplication app) => RunAsync(() => app);

    /// <summary>Where a started service's gRPC listener is, <c>http://127.0.0.1:9080</c>.</summary>
    public static string GrpcAddress(WebApplication app) => app.Services.GetRequiredService<Listeners>().AddressOf(Surface.Grpc);

    /// <summary>Where a started service's REST listener is, <c>http://127.0.0.1:8080</c>.</summary>
    public static string HttpAddress(WebApplication app) => app.Services.GetRequiredService<Listeners>().AddressOf(Surface.Http);

    /// <summary>Where a started service's listener for clients with certificates is, <c>https://127.0.0.1:8443</c>.</summary>
    public static string MutualTlsAddress(WebApplication app) => app.Services.GetRequiredService<Listeners>().AddressOf(Surface.MutualTls);

    private static void Validate(WebApplication app)
    {
        try
        {
            app.Services.GetService<IStartupValidator>()?.Validate();
        }
        catch (OptionsValidationException exception)
        {
            throw new StartupException(string.Join(" ", exception.Failures.Distinct()), exception);
        }
        catch (AggregateException exception) when (exception.InnerExceptions.All(e => e is OptionsValidationException))
        {
            var failures = exception.InnerExceptions.Cast<OptionsValidationException>().SelectMany(e => e.Failures).Distinct();
            throw new StartupException(string.Join(" ", failures), exception);
        }
        catch (InvalidOperationException exception)
        {
            // The configuration binder: "Failed to convert configuration value 'x' at 'Listen:BehindTlsProxy' to type ...".
            throw new StartupException(exception.Message, exception);
        }

        // Read files now rather than at the first call that needs them.
        app.Services.GetRequiredService<OperatorKey>();
        app.Services.GetRequiredService<ServiceKeys>();
        if (app.Services.GetRequiredService<IOptions<ListenSettings>>().Value.Tls.CertificateFile is not null)
        {
            app.Services.GetRequiredService<ReloadingCertificate>().LoadOrThrow();
        }
    }

    private static void AddLogging(WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Logging.AddFilter("Grpc", LogLevel.Warning);
        // This category's logger makes an Activity for every request, listened to or not; a listener of ASP.NET Core's source still gets one.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        // What methods throw, ErrorInterceptor logs. This category would add the stack of every message that a stranger makes unreadable.
        builder.Logging.AddFilter("Grpc.AspNetCore.Server.ServerCallHandler", LogLevel.None);
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
        builder.Logging.AddSimpleConsole(o =>
        {
            o.SingleLine = true;
            o.UseUtcTimestamp = true;
            o.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            o.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        // stdout is the program's answer, stderr its log.
        builder.Services.Configure<ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
    }

    private static void AddListeners(WebApplicationBuilder builder)
    {
        builder.AddSettings<ListenSettings, ListenSettingsValidator>(ListenSettings.Section);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Services.AddSingleton<ReloadingCertificate>();
        builder.Services.AddSingleton<Listeners>();
        builder.Services.AddSingleton(services => new ListenAddresses(services.GetRequiredService<Listeners>()));
        builder.Services.AddSingleton<IConfigureOptions<KestrelServerOptions>>(p => p.GetRequiredService<Listeners>());
        builder.Services.AddSingleton<IConfigureOptions<SocketTransportOptions>>(p => p.GetRequiredService<Listeners>());
    }

    private static void AddDatabase(WebApplicationBuilder builder)
    {
        builder.AddSettings<DatabaseSettings, DatabaseSettingsValidator>(DatabaseSettings.Section);
        builder.Services.AddSingleton<DatabaseStart>();
        builder.Services.AddSingleton(p => DatabaseStart.Create(p.GetRequiredService<IOptions<DatabaseSettings>>().Value));
        builder.Services.AddSingleton(p => ReadinessCheck.OfDatabase(p.GetRequiredService<IDatabase>()));
    }

    private static void AddGrpc(WebApplicationBuilder builder)
    {
        builder.Services.AddGrpc(options =>
        {
            options.MaxReceiveMessageSize = MaxReceiveMessageSize;
            options.Interceptors.Add<ErrorInterceptor>();
        });
        builder.Services.AddSingleton<ErrorInterceptor>();
        builder.Services.AddGrpcWellknown();
        builder.Services.AddSingleton<ReadinessProbe>();
    }
}
