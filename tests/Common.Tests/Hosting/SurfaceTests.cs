using System.Net;
using Grpc.Core;
using Pltfrms.Iam.Common.Hosting;
using Wire = Pltfrms.Iam.Consent.V1;

namespace Common.Tests.Hosting;

/// <summary>REST and gRPC each have a listener of their own, and answer nowhere else.</summary>
public sealed class SurfaceTests
{
    [Fact]
    public async Task REST_answers_on_the_HTTP_listener_only()
    {
        await using var server = await SampleServer.StartAsync(new SampleBehaviour());
        using var http = new HttpClient();
        using var onGrpc = new HttpRequestMessage(HttpMethod.Get, $"{ServiceHost.GrpcAddress(server.App)}/rest")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        Assert.Equal("rest", await http.GetStringAsync($"{ServiceHost.HttpAddress(server.App)}/rest"));
        Assert.Equal(HttpStatusCode.NotFound, (await http.SendAsync(onGrpc)).StatusCode);
    }

    [Fact]
    public async Task GRPC_does_not_answer_on_the_HTTP_listener()
    {
        await using var server = await SampleServer.StartAsync(new SampleBehaviour());
        using var http = new HttpClient();
        using var content = new ByteArrayContent([0, 0, 0, 0, 0]);
        content.Headers.ContentType = new("application/grpc");

        var answer = await http.PostAsync(
            $"{ServiceHost.HttpAddress(server.App)}/pltfrms.iam.consent.v1.ConsentService/ListConsents", content);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task A_message_of_more_than_1_MiB_is_refused()
    {
        await using var server = await SampleServer.StartAsync(new SampleBehaviour());

        var refusal = await Assert.ThrowsAsync<RpcException>(
            async () => await server.Client.ListConsentsAsync(new Wire.ListConsentsRequest { UserId = new string('x', 1024 * 1024) }));

        Assert.Equal(StatusCode.ResourceExhausted, refusal.StatusCode);
    }
}
