using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.Common.Http;
using Pltfrms.Iam.Common.Telemetry;
using Pltfrms.Iam.Errors.V1;

namespace Common.Tests.Http;

public sealed class RouteGuardTests : ILogger<RouteGuard>, IHttpRequestLifetimeFeature, IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly List<LogLevel> _logged = [];
    private readonly List<ErrorReason> _refused = [];
    private bool _isAborted;

    public CancellationToken RequestAborted { get; set; }

    public static TheoryData<Exception> Broken =>
    [
        new ConnectionResetException("Connection reset by peer"),
        new ConnectionAbortedException(),
    ];

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task A_connection_that_breaks_before_the_request_is_told_is_no_failure(Exception broken)
    {
        await RunAsync(broken);

        Assert.True(_isAborted);
        Assert.Empty(_refused);
        Assert.Empty(_logged);
    }

    [Fact]
    public async Task A_fault_of_ours_is_logged_and_refused()
    {
        await RunAsync(new IOException("The disk is gone."));

        Assert.False(_isAborted);
        Assert.Equal([ErrorReason.Internal], _refused);
        Assert.Equal([LogLevel.Error, LogLevel.Information], _logged);
    }

    void IHttpRequestLifetimeFeature.Abort() => _isAborted = true;

    public void Dispose() => _services.Dispose();

    void ILogger.Log<TState>(LogLevel level, EventId id, TState state, Exception? exception, Func<TState, Exception?, string> format) => _logged.Add(level);

    bool ILogger.IsEnabled(LogLevel level) => true;

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    private async Task RunAsync(Exception exception)
    {
        var context = new DefaultHttpContext();
        context.Features.Set<IHttpRequestLifetimeFeature>(this);
        using var telemetry = new ServiceTelemetry(new ServiceIdentity("token"), _services.GetRequiredService<IMeterFactory>());
        await new RouteGuard(telemetry, this).RunAsync(context, _ => throw exception, (_, refusal) =>
        {
            _refused.Add(refusal.Reason);
            return Task.CompletedTask;
        });
    }
}
