using Google.Protobuf;
using Grpc.Core;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;
using Wire = Pltfrms.Iam.Token.V1;

namespace Pltfrms.Iam.Token.Feeds;

/// <summary>
/// Binds DecisionFeedService to methods that send messages which are encoded already. The generated binding would have each message encoded once for each
/// watcher.
/// </summary>
internal static class DecisionFeedBinding
{
    public static ServiceDescriptor Descriptor => Wire.DecisionFeedService.Descriptor;

    /// <param name="binder">Finds the methods by their names.</param>
    /// <param name="service">Null.</param>
    public static void Bind(ServiceBinderBase binder, DecisionFeedBase? service)
    {
        binder.AddMethod(Method("WatchRealm", Wire.WatchRealmRequest.Parser), service is null ? null : service.WatchRealm);
        binder.AddMethod(Method("WatchRevocations", Wire.WatchRevocationsRequest.Parser), service is null ? null : service.WatchRevocations);
    }

    private static Method<TRequest, EncodedMessage> Method<TRequest>(string name, MessageParser<TRequest> parser)
        where TRequest : class, IMessage<TRequest> => new(
            MethodType.ServerStreaming,
            Descriptor.FullName,
            name,
            Marshallers.Create<TRequest>((request, context) => context.Complete(request.ToByteArray()), context => parser.ParseFrom(context.PayloadAsReadOnlySequence())),
            EncodedMessage.Marshaller);
}
