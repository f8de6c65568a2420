using System.Threading.Channels;
using Grpc.Core;
using Wire = Pltfrms.Iam.Token.V1;

namespace Client.Tests.Local;

/// <summary>Streams what a <see cref="FeedScript"/> says.</summary>
internal sealed class FeedGrpcService(FeedScript script, ContractServer server) : Wire.DecisionFeedService.DecisionFeedServiceBase
{
    public override Task WatchRealm(
        Wire.WatchRealmRequest request, IServerStreamWriter<Wire.WatchRealmResponse> responseStream, ServerCallContext context) =>
        PassAsync(() => script.Watch(request), responseStream, context);

    public override Task WatchRevocations(
        Wire.WatchRevocationsRequest request, IServerStreamWriter<Wire.WatchRevocationsResponse> responseStream, ServerCallContext context) =>
        PassAsync(() => script.Watch(request), responseStream, context);

    private async Task PassAsync<T>(Func<Channel<T>> watch, IServerStreamWriter<T> stream, ServerCallContext context)
    {
        server.Note(context);
        var watcher = watch();
        try
        {
            await foreach (var message in watcher.Reader.ReadAllAsync(context.CancellationToken))
            {
                await stream.WriteAsync(message, context.CancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The watcher left.
        }
        finally
        {
            script.Leave(watcher);
        }
    }
}
