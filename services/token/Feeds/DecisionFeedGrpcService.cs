using Grpc.Core;
using Wire = Pltfrms.Iam.Token.V1;

namespace Pltfrms.Iam.Token.Feeds;

/// <summary>DecisionFeedService over gRPC.</summary>
internal sealed class DecisionFeedGrpcService(WatchRealm realm, WatchRevocations revocations, IHostApplicationLifetime lifetime) : DecisionFeedBase
{
    public override Task WatchRealm(Wire.WatchRealmRequest request, IServerStreamWriter<EncodedMessage> output, ServerCallContext context) =>
        UntilOverAsync(realm.ExecuteAsync(request, output, context, lifetime.ApplicationStopping), context);

    public override Task WatchRevocations(Wire.WatchRevocationsRequest request, IServerStreamWriter<EncodedMessage> output, ServerCallContext context) =>
        UntilOverAsync(revocations.ExecuteAsync(request, output, context, lifetime.ApplicationStopping), context);

    /// <summary>The watcher leaves, or this process stops: either way the stream is over and nothing went wrong.</summary>
    private async Task UntilOverAsync(Task watching, ServerCallContext context)
    {
        try
        {
            await watching;
        }
        catch (OperationCanceledException) when (context.CancellationToken.IsCancellationRequested || lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return;
        }
    }
}
