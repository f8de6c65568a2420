using System.Buffers;
using Google.Protobuf;
using Grpc.Core;

namespace Pltfrms.Iam.Token.Feeds;

/// <summary>A message as it goes over the wire, made once for all who get it.</summary>
internal sealed class EncodedMessage
{
    private readonly byte[] _bytes;

    private EncodedMessage(byte[] bytes) => _bytes = bytes;

    /// <summary>In bytes.</summary>
    public int Size => _bytes.Length;

    /// <summary>For a service that sends such messages and receives none.</summary>
    public static Marshaller<EncodedMessage> Marshaller { get; } = Marshallers.Create<EncodedMessage>(
        Write, context => new EncodedMessage(context.PayloadAsNewBuffer()));

    public static EncodedMessage Of(IMessage message) => new(message.ToByteArray());

    private static void Write(EncodedMessage message, SerializationContext context)
    {
        context.SetPayloadLength(message._bytes.Length);
        context.GetBufferWriter().Write(message._bytes);
        context.Complete();
    }
}
