using Grpc.Core;
using Wire = Pltfrms.Iam.Token.V1;

namespace Pltfrms.Iam.Token.Feeds;

/// <summary>DecisionFeedService as <see cref="DecisionFeedBinding"/> binds it, in place of the generated base.</summary>
[BindServiceMethod(typeof(DecisionFeedBinding), nameof(DecisionFeedBinding.Bind))]
internal abstract class DecisionFeedBase
{
    public abstract Task WatchRealm(Wire.WatchRealmRequest request, IServerStreamWriter<EncodedMessage> output, ServerCallContext context);

    public abstract Task WatchRevocations(Wire.WatchRevocationsRequest request, IServerStreamWriter<EncodedMessage> output, ServerCallContext context);
}
