using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Grpc.Core;
using Pltfrms.Iam.Client;
using Wire = Pltfrms.Iam.Token.V1;

namespace Client.Tests;

/// <summary>What the README says that OpenTelemetry finds.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public void The_documented_name_is_the_librarys() => Assert.Equal("Pltfrms.Iam.Client", IamTelemetry.Name);

    [Fact]
    public async Task A_call_is_an_activity_with_its_outcome()
    {
        await using var fixture = await ClientFixture.StartAsync();
        using var parent = new Activity("test").Start();
        ConcurrentQueue<Activity> ended = [];
        using var listener = Listen(ended, activity => activity.TraceId == parent.TraceId);

        await fixture.Iam.IntrospectAsync("x", CancellationToken.None);
        fixture.Server.Introspect = (_, _) => throw Faults.Of(StatusCode.Unavailable, "STORAGE_UNAVAILABLE");
        await Assert.ThrowsAsync<IamUnavailableException>(() => fixture.Iam.IntrospectAsync("y", CancellationToken.None));

        Assert.Equal(
            [("iam.introspect", ActivityKind.Client, "ok", ActivityStatusCode.Unset), ("iam.introspect", ActivityKind.Client, "STORAGE_UNAVAILABLE", ActivityStatusCode.Error)],
            ended.Select(activity => (activity.OperationName, activity.Kind, (string)activity.GetTagItem("iam.outcome")!, activity.Status)));
    }

    [Fact]
    public async Task A_token_that_is_asked_for_is_an_activity_of_its_own()
    {
        await using var fixture = await ClientFixture.StartAsync();
        ConcurrentQueue<Activity> ended = [];
        using var listener = Listen(ended, activity => activity.OperationName is "iam.issue_token" or "iam.exchange_token");

        await fixture.TokenAsync(new TokenRequest("a"));
        fixture.Server.Issue = (_, _) => throw Faults.Of(StatusCode.FailedPrecondition, "TELEMETRY_TEST");
        await Assert.ThrowsAsync<IamClientException>(() => fixture.Tokens.ExchangeAsync("x", new TokenRequest("b"), CancellationToken.None).AsTask());

        // Other tests ask for tokens at the same time.
        Assert.Contains(ended, activity => (activity.OperationName, activity.Kind, Outcome(activity)) == ("iam.issue_token", ActivityKind.Client, "ok"));
        Assert.Contains(ended, activity => (activity.OperationName, activity.Status, Outcome(activity)) == ("iam.exchange_token", ActivityStatusCode.Error, "TELEMETRY_TEST"));
        Assert.DoesNotContain(ended, activity => activity.ParentSpanId != default);
    }

    [Fact]
    public async Task No_call_that_ended_without_an_answer_is_ok()
    {
        ConcurrentQueue<(string Name, string? Unit, string Tags)> measured = [];
        using var listener = Measure(measured);
        await using var fixture = await ClientFixture.StartAsync();
        using var impatience = new CancellationTokenSource();
        fixture.Server.Introspect = async (_, context) =>
        {
            await impatience.CancelAsync();
            await Task.Delay(System.Threading.Timeout.Infinite, context.CancellationToken);
            return new();
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fixture.Iam.IntrospectAsync("x", impatience.Token));
        fixture.Tokens.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => fixture.Iam.IntrospectAsync("x", CancellationToken.None));

        Assert.Equal(
            ["operation=issue_token, outcome=ok", "operation=introspect, outcome=CANCELLED", "operation=introspect, outcome=INTERNAL"],
            measured.Where(found => found.Name == "pltfrms.iam.client.call.duration").Select(found => found.Tags));
    }

    [Fact]
    public async Task Calls_decisions_and_lookups_are_measured()
    {
        ConcurrentQueue<(string Name, string? Unit, string Tags)> measured = [];
        using var listener = Measure(measured);
        await using var fixture = await ClientFixture.StartAsync(options => options.Mode = IamMode.Cached);
        var allowed = new Wire.CheckPermissionResponse { Allowed = true, Reason = Wire.DecisionReason.Allowed };
        fixture.Server.Check = (_, _) => Task.FromResult(allowed);
        fixture.Server.Batch = request => new() { Results = { request.Checks.Select(_ => allowed) } };
        var check = new PermissionCheck { Subject = PermissionSubject.User("alice"), Permission = "invoices.read" };

        await fixture.Iam.CheckPermissionAsync(check, CancellationToken.None);
        await fixture.Iam.CheckPermissionAsync(check, CancellationToken.None);

        Assert.Equal(
            ["hit=False", "hit=True"],
            measured.Where(found => found is { Name: "pltfrms.iam.client.cache.lookups", Unit: "{lookup}" }).Select(found => found.Tags));
        Assert.Contains(("pltfrms.iam.client.decisions", "{decision}", "mode=Cached, allowed=True, reason=Allowed"), measured);
        Assert.Contains(measured, found => found is { Name: "pltfrms.iam.client.call.duration", Unit: "s" } && found.Tags.EndsWith("outcome=ok", StringComparison.Ordinal));
    }

    private static ActivityListener Listen(ConcurrentQueue<Activity> ended, Func<Activity, bool> isOwn)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == IamTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (isOwn(activity))
                {
                    ended.Enqueue(activity);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    /// <summary>What clients measure that are made from here on by the same test.</summary>
    private static MeterListener Measure(ConcurrentQueue<(string Name, string? Unit, string Tags)> measured)
    {
        // Other tests make clients and measure at the same time: an instrument is published where it is made.
        var isOwn = new AsyncLocal<bool>();
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (isOwn.Value && instrument.Meter.Name == IamTelemetry.Name)
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => measured.Enqueue((instrument.Name, instrument.Unit, Text(tags))));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => measured.Enqueue((instrument.Name, instrument.Unit, Text(tags))));
        listener.Start();
        isOwn.Value = true;
        return listener;
    }

    private static string? Outcome(Activity activity) => (string?)activity.GetTagItem("iam.outcome");

    private static string Text(ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        string.Join(", ", tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"));
}
