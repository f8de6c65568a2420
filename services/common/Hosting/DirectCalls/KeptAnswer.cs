using Google.Protobuf;
using Grpc.Core;

namespace Pltfrms.Iam.Common.Hosting.DirectCalls;

/// <summary>An answer that is given more than once, and is encoded once for the methods on the short way. Nobody changes it.</summary>
public sealed class KeptAnswer<T>(T message)
    where T : class, IMessage<T>
{
    private byte[]? _encoded;

    public T Message => message;

    /// <summary>The message, as the call's answer.</summary>
    public T For(ServerCallContext context)
    {
        if (context is DirectCallContext direct)
        {
            direct.EncodedAnswer = _encoded ??= message.ToByteArray();
        }

        return message;
    }
}
