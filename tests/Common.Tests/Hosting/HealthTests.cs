using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.DependencyInjection;
using Pltfrms.Iam.Common.Hosting;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace Common.Tests.Hosting;

/// <summary>Readiness follows what the service needs; liveness does not.</summary>
public sealed class HealthTests
{
    [Theory]
    [InlineData("")]
    [InlineData("pltfrms.iam.consent.v1.ConsentService")]
    public async Task Readiness_follows_every_check(string service)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var works = true;
        await using var server = await SampleServer.StartAsync(
            new SampleBehaviour(),
            compose: builder => builder.Services.AddSingleton(new ReadinessCheck(
                "sample", _ => Volatile.Read(ref works) ? Task.CompletedTask : throw new InvalidOperationException("broken"))));
        using var watch = new Health.HealthClient(server.Channel)
            .Watch(new HealthCheckRequest { Service = service }, cancellationToken: deadline.Token);

        await WaitForAsync(ServingStatus.Serving);
        Volatile.Write(ref works, false);
        await WaitForAsync(ServingStatus.NotServing);
        Assert.Equal(ServingStatus.Serving, await CheckAsync("liveness"));
        Volatile.Write(ref works, true);
        await WaitForAsync(ServingStatus.Serving);

        async Task WaitForAsync(ServingStatus expected)
        {
            do
            {
                Assert.True(await watch.ResponseStream.MoveNext(deadline.Token));
            }
            while (watch.ResponseStream.Current.Status != expected);
        }

        async Task<ServingStatus> CheckAsync(string name) =>
            (await new Health.HealthClient(server.Channel).CheckAsync(new HealthCheckRequest { Service = name })).Status;
    }

    [Fact]
    public async Task An_open_watch_is_told_that_the_service_stops()
    {
        await using var server = await SampleServer.StartAsync(new SampleBehaviour());
        using var watch = new Health.HealthClient(server.Channel).Watch(new HealthCheckRequest());
        Assert.True(await watch.ResponseStream.MoveNext(CancellationToken.None));

        var stop = server.App.StopAsync(CancellationToken.None);

        var end = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await watch.ResponseStream.MoveNext(CancellationToken.None))
            {
                // NOT_SERVING comes before the end.
            }
        });
        Assert.Equal(StatusCode.Unavailable, end.StatusCode);
        await stop;
    }
}
